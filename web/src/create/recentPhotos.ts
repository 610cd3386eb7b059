/** Photos sent from this tab, by generation, so that the model's page can show them without asking for them. */
const photos = new Map<string, string>();

export function rememberPhoto(id: string, url: string): void {
  photos.set(id, url);
}

/** An object URL, or `null` for a generation that another visit made. */
export function recentPhoto(id: string): string | null {
  return photos.get(id) ?? null;
}
