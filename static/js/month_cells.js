/* A cell of the month: what is typed and what it means, as inmates/month_cells.py reads it. Used by
   month.js to say at once what the server would say later; the server reads every text anew. */
(() => {
  "use strict";

  const RUSSIAN = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ";
  const LOOKALIKES = Object.fromEntries([
    ..."ABCEHKMOPTXYË".split("").map((letter, place) => [letter, "АВСЕНКМОРТХУЁ"[place]]),
    ..."ΑΒΕΗΚΜΟΡΤΧΥ".split("").map((letter, place) => [letter, "АВЕНКМОРТХУ"[place]]),
    ..."ҒҚҢӨҰҮҺӘ".split("").map((letter, place) => [letter, "ГКНОУУНА"[place]]),
  ]);
  const WORDS = /^(\p{L}{1,3}) ?(\d[\d.,:]*)?(?: +(.+))?$/u;
  const FIGURES = /^(\d[\d.,:]*)(?: +(.+))?$/;
  // Of the hours: at night and overtime, in brackets before the note: 8 (н2 с1:30).
  const SUPPLEMENTS = /^\((?:н ?(\d(?:[\d.,:]*\d)?))?[ ,]*(?:с ?(\d(?:[\d.,:]*\d)?))?\)(?: (.+))?$/iu;
  const CLOCK = /^(\d{1,2}):([0-5]\d)$/;
  const DECIMAL = /^(\d{1,2})(?:[.,](\d{1,2}))?$/;
  const MOST_MINUTES = 24 * 60;
  const MOST_NOTE = 200;

  class Fault extends Error {
    constructor(kind, part = "", like = "") {
      super(kind);
      Object.assign(this, { kind, part, like });
    }
  }

  const minutesOf = (hours) => {
    const clock = CLOCK.exec(hours);
    const decimal = DECIMAL.exec(hours);
    let minutes = 0;
    if (clock) minutes = Number(clock[1]) * 60 + Number(clock[2]);
    else if (decimal) {
      const hundredths = Number(decimal[1]) * 100 + Number((decimal[2] || "0").padEnd(2, "0"));
      if ((hundredths * 60) % 100) throw new Fault("not_whole", hours);
      minutes = (hundredths * 60) / 100;
    } else throw new Fault("unreadable", hours);
    if (minutes > MOST_MINUTES) throw new Fault("too_long", hours);
    return minutes;
  };

  const noteOf = (text = "") => {
    if (text.length > MOST_NOTE) throw new Fault("note_too_long");
    return text;
  };

  const withNote = (entry, text, isOff) => {
    const found = SUPPLEMENTS.exec(text ?? "");
    if (!found || !(found[1] || found[2])) return { ...entry, night: 0, overtime: 0, note: noteOf(text) };
    const [night, overtime] = [found[1], found[2]].map((hours) => (hours ? minutesOf(hours) : 0));
    if (night > entry.minutes) throw new Fault("night_over", text);
    if (overtime > entry.minutes) throw new Fault("overtime_over", text);
    if (overtime && isOff) throw new Fault("overtime_off", text);
    return { ...entry, night, overtime, note: noteOf(found[3]) };
  };

  const refuseForeign = (text, codes) => {
    const known = new Set([...RUSSIAN, ...Object.keys(codes).join("")]);
    for (const letter of text) {
      const capital = letter.toUpperCase();
      if (/\p{L}/u.test(letter) && !known.has(capital)) {
        throw new Fault("foreign", letter, LOOKALIKES[capital] || "");
      }
    }
  };

  const reasonOf = ([id, isWorked, needsText], letters, hours, note, full) => {
    const minutes = hours ? minutesOf(hours) : 0;
    if (needsText && !note) throw new Fault("text_missing", letters);
    if (!isWorked) {
      if (minutes) throw new Fault("hours_beside_absence", letters);
    } else if (!minutes) throw new Fault("hours_missing", letters);
    else if (full !== null && minutes >= full) throw new Fault("whole_shift", letters);
    return { minutes: isWorked ? minutes : 0, code: letters, reason: id };
  };

  // Null is an empty cell; a text that is no entry throws its Fault.
  const read = (text, { codes, full, isOff, present, dayOff }) => {
    const bare = text.normalize("NFC").split(/\s+/).filter(Boolean).join(" ");
    if (!bare) return null;
    const figures = FIGURES.exec(bare);
    if (figures) {
      const minutes = minutesOf(figures[1]);
      if (!minutes) throw new Fault("zero", bare);
      return withNote({ minutes, code: "", reason: null }, figures[2], isOff);
    }
    const words = WORDS.exec(bare);
    if (!words) {
      refuseForeign(bare, codes);
      throw new Fault("unreadable", bare);
    }
    const letters = words[1].toUpperCase();
    const note = words[3];
    if (letters in codes) return withNote(reasonOf(codes[letters], letters, words[2], note, full), note, isOff);
    if (letters === present && !words[2]) {
      if (full === null) throw new Fault("no_norm", letters);
      return withNote({ minutes: full, code: "", reason: null }, note, isOff);
    }
    if (letters === dayOff && !words[2]) {
      if (!isOff) throw new Fault("workday", letters);
      return null;
    }
    refuseForeign(words[1], codes);
    throw new Fault("unknown", words[1]);
  };

  const hoursText = (minutes) => {
    const rest = minutes % 60;
    return `${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
  };
  const shortText = (entry) => (entry ? entry.code + (entry.minutes ? hoursText(entry.minutes) : "") : "");
  const supplementsText = (night, overtime) => {
    const inside = [night && `н${night}`, overtime && `с${overtime}`].filter(Boolean).join(" ");
    return inside && `(${inside})`;
  };
  const wholeText = (entry) => entry ? [
    shortText(entry),
    supplementsText(entry.night && hoursText(entry.night), entry.overtime && hoursText(entry.overtime)),
    entry.note,
  ].filter(Boolean).join(" ") : "";

  const alphabetOf = (letter) => {
    if (/\p{Script=Latin}/u.test(letter)) return "latin";
    return /\p{Script=Cyrillic}/u.test(letter) ? "kazakh" : "other";
  };
  // "%(name)s" of a translated sentence, filled in.
  const fill = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? "");
  const sentenceOf = (fault, codes, words) =>
    fill(words.faults[fault.like ? "like" : fault.kind], {
      part: fault.part, like: fault.like, letters: Object.keys(codes).join(", "),
      alphabet: fault.kind === "foreign" ? words.alphabets[alphabetOf(fault.part)] : "",
    });

  const oddities = (entry, { full, isOff, elsewhere, output }) => {
    const minutes = entry?.minutes ?? 0;
    return [
      ["over_norm", full !== null && minutes > full],
      ["two_places", minutes > 0 && elsewhere > 0],
      ["day_off", minutes > 0 && isOff],
      ["absent_with_output", output > 0 && !minutes],
    ].filter(([, holds]) => holds).map(([name]) => name);
  };

  window.portalMonthCells = { Fault, read, hoursText, shortText, wholeText, supplementsText, fill, sentenceOf, oddities };
})();
