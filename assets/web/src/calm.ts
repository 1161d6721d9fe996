const query = matchMedia('(prefers-reduced-motion: reduce)')

/** Whether this visitor asked for little motion. */
export function calm(): boolean {
  return query.matches
}
