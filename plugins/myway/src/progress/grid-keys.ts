/** The cell to which an arrow key moves in a grid of `rows` by `columns` (ARIA grid pattern); null for other keys. */
export function gridMove(
  key: string,
  at: { row: number; column: number },
  size: { rows: number; columns: number },
  ctrl = false,
): { row: number; column: number } | null {
  const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));
  const to = (row: number, column: number) => ({ row: clamp(row, size.rows), column: clamp(column, size.columns) });
  switch (key) {
    case 'ArrowUp':
      return to(at.row - 1, at.column);
    case 'ArrowDown':
      return to(at.row + 1, at.column);
    case 'ArrowLeft':
      return to(at.row, at.column - 1);
    case 'ArrowRight':
      return to(at.row, at.column + 1);
    case 'Home':
      return to(ctrl ? 0 : at.row, 0);
    case 'End':
      return to(ctrl ? size.rows : at.row, size.columns);
    case 'PageUp':
      return to(at.row - 10, at.column);
    case 'PageDown':
      return to(at.row + 10, at.column);
    default:
      return null;
  }
}
