/**
 * The page's one memory of what the API answered, by the function that asked: a place that was shown before shows it at
 * once, while it is read anew. Signing in loads the page, so nothing of one person outlives them.
 */
const answers = new WeakMap<object, unknown>();

export function kept(read: object): unknown {
  return answers.get(read) ?? null;
}

export function keep(read: object, value: unknown): void {
  answers.set(read, value);
}
