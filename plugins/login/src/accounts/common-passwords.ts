/**
 * Common passwords and words in Dutch, French and English, in lower case. Digits and signs around a word are ignored when comparing, which
 * keeps the list short.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `
  1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 a1b2c3d4 a1b2c3d4e5 123qwe123 123456789a zaq12wsx q1w2e3r4 q1w2e3r4t5
  abc abcd abcde abcdef abcdefg azerty azertyuiop qwerty qwertyuiop qwertz asdfgh asdfghjk asdfghjkl
  admin administrator beheer beheerder root toegang geheim secret secrets welkom welkomterug welcome bienvenue
  wachtwoord paswoord passwoord mijnwachtwoord nieuwwachtwoord password passw0rd p@ssword p@ssw0rd pass mypassword newpassword
  letmein changeme changeit default motdepasse monmotdepasse trustno iloveyou ikhouvanjou ikhouvanu jetaime jtaime
  school schooljaar mijnschool basisschool juf juffrouw meester leraar leerkracht leerling directeur klas klaslokaal
  computer laptop internet smartschool bingel ilearn i-learn myway google googleclassroom microsoft office teams
  vlaanderen belgie belgië belgium brussel antwerpen gent brugge leuven hasselt anderlecht clubbrugge rodeduivels
  voetbal football basketbal soccer gymnastiek zwemmen sunshine zonneschijn zonnetje bloemetje vlinder butterfly
  prinses princess chocolade chocolate koekje pannenkoek frietjes pizza banaan monkey aapje dragon draakje
  hondje poesje kitten paard paardje eenhoorn unicorn dolfijn schatje liefje mama papa mamaenpapa oma opa
  batman superman spiderman starwars pokemon pikachu minecraft fortnite roblox mario frozen elsa
  maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart april juni juli augustus
  september oktober november december lente zomer herfst winter summer spring autumn
  hello hallo bonjour goedemorgen goeiemorgen test testen testtest tester demo demodemo gast guest user gebruiker
  whatever superstar michael jordan charlie jessica jennifer michelle thomas daniel ashley jasmine nicole
  `
    .trim()
    .split(/\s+/),
);
