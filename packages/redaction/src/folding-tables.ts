/** Code points of the digit zero in scripts whose ten digits follow one another (Unicode general category Nd). */
export const DIGIT_ZEROS: readonly number[] = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x11066, 0x110f0, 0x11136,
];

const LOOKALIKES: readonly (readonly [string, string])[] = [
  ['\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d', 'aeopcyxijshdqw'],
  ['\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405', 'ABEKMHOPCTYXIJS'],
  ['\u03bf\u03b1\u03c1\u03c5\u03bd\u03b9\u03ba', 'oapuvik'],
  ['\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7', 'ABEZHIKMNOPTYX'],
  ['\u2019\u2018\u02bc\u00b4\u2044\u2215\u2024\uff0e\u3002', "''''//..."],
];

/** Letters and marks that pass for ASCII ones in print, after Unicode Technical Standard 39. Used for detection alone. */
export const CONFUSABLES: ReadonlyMap<string, string> = new Map(
  LOOKALIKES.flatMap(([from, to]) =>
    Array.from(from, (character, index) => [character, to[index] ?? character] as const),
  ),
);
