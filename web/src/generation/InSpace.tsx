import { fileUrl, sharedFileUrl } from "../api/calls";
import type { Generation } from "../api/types";
import { Icon } from "../shell/Icon";
import { words } from "../words";

/**
 * A link that phones open in their own camera view: USDZ on iPhone and iPad; on Android Scene Viewer, an app of its own that has no
 * session here, so that it is there only while the model is shared. Nothing elsewhere.
 */
export function InSpace({ generation }: { generation: Generation }) {
  if (document.createElement("a").relList.supports("ar")) {
    // Quick Look takes a link whose only child is a picture.
    return (
      <a rel="ar" className="button ar-link" href={fileUrl(generation.id, "model.usdz")}>
        <img src={fileUrl(generation.id, "preview.webp")} alt={words.model.inSpace} width={40} height={40} />
      </a>
    );
  }
  if (/android/i.test(navigator.userAgent) && generation.shared !== null) {
    return <a className="button" href={sceneViewer(new URL(sharedFileUrl(generation.shared, "model.glb"), location.href).href)}><Icon name="cube" />{words.model.inSpace}</a>;
  }
  return null;
}

/** The address that Android's Scene Viewer opens a model with. */
export function sceneViewer(model: string): string {
  const file = encodeURIComponent(model);
  return `intent://arvr.google.com/scene-viewer/1.0?file=${file}&mode=ar_preferred#Intent;scheme=https;package=com.google.android.googlequicksearchbox;action=android.intent.action.VIEW;end;`;
}
