// RFC 4180, read leniently: CR LF or LF, a byte order mark, blank lines at the end.

/** Return the rows of CSV text as lists of cells, with the line each began in; null if a quote is never closed. */
export function parseCsv(content) {
  const source = content.replace(/^\ufeff/, "");
  const rows = [];
  let [row, cell, quoted, line, began] = [[], "", false, 1, 1];
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || row[0] !== "") rows.push({ line: began, cells: row });
    [row, cell, began] = [[], "", line];
  };
  for (let at = 0; at < source.length; at++) {
    const sign = source[at];
    if (sign === "\n") line++;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (source[at + 1] === '"') cell += source[at++];
      else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === ",") {
      row.push(cell);
      cell = "";
    } else if (sign === "\n") endRow();
    else if (sign !== "\r" || source[at + 1] !== "\n") cell += sign;
  }
  if (quoted) return null;
  endRow();
  return rows;
}
