import { croppedOnly, prepare, type Edit, type Prepared } from "./prepare";

/** What is known of a photo when it is sent. */
interface Chosen {
  readonly photo: { readonly file: Blob };
  readonly edit: Edit;
  readonly prepared: Prepared | null;
}

/**
 * The picture to send: the one that is on the bench, or, if what was wished is not made yet, that. What was cropped away
 * never leaves: where no cut-out can be made here, the wanted part is sent, and the service cuts it out.
 */
export async function picture({ photo, edit, prepared }: Chosen, percent: number, signal: AbortSignal): Promise<Blob> {
  if (prepared !== null) {
    return prepared.file;
  }
  if (edit.background === "keep") {
    return (await prepare(photo.file, edit, percent, signal))?.file ?? croppedOnly(photo.file, edit.crop);
  }
  if (edit.crop === null) {
    return photo.file;
  }
  const cut = await prepare(photo.file, edit, percent, signal).catch(() => null);
  return cut?.file ?? croppedOnly(photo.file, edit.crop);
}
