import { sharedFileUrl } from "../api/calls";

/** The address to hand on: it shows what is shared to programs that draw previews, and sends people to the page. */
export function sharePage(secret: string, origin: string): string {
  return `${origin}/api/shares/${secret}/page`;
}

/** A picture of the model that leads to its page, for the owner's own site: no script and no frame of ours. */
export function snippet(secret: string, origin: string): string {
  return `<a href="${sharePage(secret, origin)}"><img src="${origin}${sharedFileUrl(secret, "turntable.webp")}" alt="3D model" width="320" height="320"></a>`;
}
