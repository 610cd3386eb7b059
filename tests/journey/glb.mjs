/** A GLB read by the glTF people's own library and meshoptimizer's own decoder. */
import { NodeIO, getBounds } from "@gltf-transform/core";
import { EXTMeshoptCompression, EXTTextureWebP, KHRMeshQuantization } from "@gltf-transform/extensions";
import { MeshoptDecoder } from "meshoptimizer";

const minus = (a, b) => a.map((part, axis) => part - b[axis]);
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** Triangles, the box's two corners, the volume inside, and the texture's type. */
export async function readGlb(bytes) {
  await MeshoptDecoder.ready;
  const io = new NodeIO()
    .registerExtensions([EXTMeshoptCompression, EXTTextureWebP, KHRMeshQuantization])
    .registerDependencies({ "meshopt.decoder": MeshoptDecoder });
  const root = (await io.readBinary(new Uint8Array(bytes))).getRoot();
  const box = getBounds(root.listScenes()[0]);
  const node = root.listNodes().find((one) => one.getMesh() !== null);
  const primitive = node.getMesh().listPrimitives()[0];
  const places = primitive.getAttribute("POSITION");
  const scale = node.getWorldScale();
  const corners = primitive.getIndices().getArray();
  const at = (corner) => places.getElement(corners[corner], []).map((part, axis) => part * scale[axis]);
  const first = at(0);
  let volume = 0;
  for (let corner = 0; corner < corners.length; corner += 3) {
    const [a, b, c] = [at(corner), at(corner + 1), at(corner + 2)].map((place) => minus(place, first));
    volume += dot(a, cross(b, c)) / 6;
  }
  const texture = primitive.getMaterial().getBaseColorTexture();
  return { triangles: corners.length / 3, corners: [...box.min, ...box.max], volume, texture: texture.getMimeType() };
}
