import { MeshBasicMaterial, MeshNormalMaterial, MeshStandardMaterial, type Material, type Mesh, type Object3D } from "three";
import type { Look } from "./kinds";

/** Makes a function that dresses a model: its own material, or the ones that show its shape. */
export function dressed(model: Object3D): (look: Look) => void {
  const parts: { mesh: Mesh; own: Material; plain: Material }[] = [];
  model.traverse((part) => {
    // Our own models have one material, with a texture or with colours in the vertices.
    if (isMesh(part) && part.material instanceof MeshStandardMaterial) {
      const { map, vertexColors } = part.material;
      parts.push({ mesh: part, own: part.material, plain: new MeshBasicMaterial({ map, vertexColors, toneMapped: false }) });
    }
  });
  const clay = new MeshStandardMaterial({ color: "#c9b8a2", roughness: 0.85 });
  const wires = new MeshBasicMaterial({ color: "#ffc53d", wireframe: true, toneMapped: false });
  const normals = new MeshNormalMaterial();
  return (look) => {
    for (const { mesh, own, plain } of parts) {
      mesh.material = { colours: own, plain, clay, wires, normals }[look];
    }
  };
}

function isMesh(part: Object3D): part is Mesh {
  return "isMesh" in part;
}
