/** Reads texts aloud with the device's own voices. Other voices would send the text to the browser's maker. */

const synthesis = (): SpeechSynthesis | undefined => globalThis.speechSynthesis as SpeechSynthesis | undefined;

const base = (tag: string): string => tag.toLowerCase().split(/[-_]/)[0] ?? '';

/** A voice of the device for a language: first of the same region, then any. */
export function voiceFor(language: string): SpeechSynthesisVoice | undefined {
  const voices = (synthesis()?.getVoices() ?? []).filter(
    (voice) => voice.localService && base(voice.lang) === base(language) && base(language) !== '',
  );
  const same = language.toLowerCase().replace('_', '-');
  return voices.find((voice) => voice.lang.toLowerCase().replace('_', '-') === same) ?? voices[0];
}

/** Calls `changed` when the device's voices become known, which some browsers do late. Returns a function that stops it. */
export function watchVoices(changed: () => void): () => void {
  const speech = synthesis();
  speech?.addEventListener?.('voiceschanged', changed);
  return () => speech?.removeEventListener?.('voiceschanged', changed);
}

/** Long utterances stop half-way in some browsers, so a text is spoken sentence by sentence. */
const MAX_LENGTH = 200;

export function sentencesOf(text: string): string[] {
  const sentences = text.match(/[^.!?…\n]+[.!?…]*|[.!?…]+/gu) ?? [];
  return sentences.flatMap((sentence) => {
    const words = sentence.trim().split(/\s+/).filter(Boolean);
    const parts: string[] = [];
    for (const word of words) {
      const last = parts.at(-1);
      if (last !== undefined && last.length + word.length < MAX_LENGTH) parts[parts.length - 1] = `${last} ${word}`;
      else parts.push(word.slice(0, MAX_LENGTH));
    }
    return parts;
  });
}

/** Who is speaking, so that another ear button stops it. */
let speaking: { ended: () => void } | undefined;

/** Stops what is being read aloud. */
export function hush(): void {
  const before = speaking;
  speaking = undefined;
  synthesis()?.cancel();
  before?.ended();
}

/**
 * Reads a text aloud, instead of what is being read.
 *
 * @param ended called once, at the end or when it is stopped
 */
export function say(text: string, voice: SpeechSynthesisVoice, ended: () => void): void {
  hush();
  const mine = { ended };
  speaking = mine;
  const sentences = sentencesOf(text);
  const finish = () => {
    if (speaking === mine) hush();
  };
  sentences.forEach((sentence, index) => {
    const utterance = new SpeechSynthesisUtterance(sentence);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.9;
    if (index === sentences.length - 1) utterance.onend = finish;
    utterance.onerror = finish;
    synthesis()?.speak(utterance);
  });
  if (sentences.length === 0) finish();
}

globalThis.addEventListener?.('pagehide', hush);
