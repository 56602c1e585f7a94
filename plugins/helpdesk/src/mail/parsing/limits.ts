/** What one mail may cost. Whatever costs more is shown as it came, or put aside. */
export const limits = {
  /** Of a mail as it came. Larger ones are not fetched. */
  mailBytes: 25 * 1024 * 1024,
  seconds: 10,
  parts: 1_000,
  htmlBytes: 1024 * 1024,
  htmlTags: 10_000,
  /** Of the text that a ticket holds; the rest is in the mail as it came. */
  textCharacters: 100_000,
  attachments: 50,
  /** Of one picture that is shown within the text; larger ones are attachments. */
  pictureBytes: 200 * 1024,
  picturesBytes: 1024 * 1024,
  /** Heap of the thread, without the bytes of the mail. */
  heapMegabytes: 256,
} as const;
