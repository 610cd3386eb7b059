/** The SHA-256 of a file in base64: the upload is refused by the bucket if a single bit changes on the way. */
export async function sha256Base64(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
