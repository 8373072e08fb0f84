/* Folds what a reader types as folding.py folds the names and texts in the index. */

const APOSTROPHES = /['`´‘’‛′ʹʻʼʽʾʿˈˊˋ]/gu;
const MARKS = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0640\u0621]|\p{M}/gu;
// JavaScript has no conditions in patterns: the article before letters of the sun stands apart.
const SUN_ARTICLE = /(?<![\p{L}\p{N}])[ae](dh|sh|th|[dlnrstz])[-‐‑–](?=\1)/gu;
const ARTICLE = /(?<![\p{L}\p{N}])[ae]l[-‐‑–](?=[\p{L}\p{N}])/gu;
const ARABIC_ARTICLE = /^ال(?=[\p{L}\p{N}]{3})/u;
const LETTERS = {
  ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ک: "ك",
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", þ: "th",
};

/** Return the words of a text in the form in which they are compared. */
export function fold(text) {
  const folded = text
    .replace(APOSTROPHES, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(MARKS, "")
    .replace(ARTICLE, "")
    .replace(SUN_ARTICLE, "")
    .replace(/[ٱىیةکßæœøđðłıþ]/gu, (letter) => LETTERS[letter])
    .replace(/[٠-٩۰-۹]/gu, (digit) => digit.codePointAt(0) & 15);
  const words = folded.match(/[\p{L}\p{N}]+/gu) ?? [];
  const kept = words.filter((word) => word !== "al" && word !== "el");
  return (kept.length ? kept : words).map((word) => word.replace(ARABIC_ARTICLE, ""));
}
