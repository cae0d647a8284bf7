/** One string or number of a JSON text that has been checked; group 1 is there when the string names a member. */
export const JSON_LITERAL: RegExp = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d[\d.eE+-]*/gs;

/** The strings among them. */
export const JSON_STRING: RegExp = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/gs;
