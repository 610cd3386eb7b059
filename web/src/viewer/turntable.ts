/** The turntable itself: three.js on one canvas. A chunk of its own, loaded with the first model. */
import { Box3, Color, DirectionalLight, HemisphereLight, MathUtils, NeutralToneMapping, PerspectiveCamera, Scene, Vector3, WebGLRenderer, type Group, type Object3D } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { dressed } from "./looks";
import type { Eye, Light, Look, Turntable } from "./kinds";

/** Degrees a second. */
const SPEED = 0.5;
const STEP = Math.PI / 18;
const FIELD = 30;
/** A frame that takes longer than this, in milliseconds, is drawn with fewer pixels next time. */
const SLOW = 45;
/** Light from all around (sky, ground, strength), and a lamp (strength, place). Our models are matt: nothing is mirrored in them. */
const LIGHT = {
  studio: ["#ffffff", "#b9c4bf", 2.4, 1.5, new Vector3(1.5, 2.5, 3)],
  day: ["#cfe6ff", "#8a7a5c", 1.7, 3, new Vector3(2, 4, 1.5)],
  side: ["#dfe8ff", "#202624", 0.35, 4, new Vector3(4, 0.6, 0.4)],
} as const;
const BACKGROUNDS = { mat: null, paper: "#ffffff", dark: "#0b0f0e" } as const;

/** Loads a model and shows it. `onProgress` hears shares from 0 to 1. */
export async function openTurntable(canvas: HTMLCanvasElement, url: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<Turntable> {
  const bytes = await fetched(url, onProgress, signal);
  const { scene: model } = await new GLTFLoader().parseAsync(bytes, "");
  signal.throwIfAborted();
  return shown(canvas, model);
}

function shown(canvas: HTMLCanvasElement, model: Group): Turntable {
  const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
  renderer.toneMapping = NeutralToneMapping;
  const scene = new Scene();
  scene.add(model);
  const around = new HemisphereLight();
  const lamp = new DirectionalLight("#fff6e8");
  scene.add(around, lamp);

  const box = new Box3().setFromObject(model);
  const centre = box.getCenter(new Vector3());
  const radius = box.getSize(new Vector3()).length() / 2;
  const camera = new PerspectiveCamera(FIELD, 1, radius / 50, radius * 40);
  const controls = new OrbitControls(camera, canvas);
  controls.enableDamping = true;
  controls.enablePan = false;
  controls.autoRotateSpeed = SPEED * 4;
  controls.minDistance = radius * 1.2;
  controls.maxDistance = radius * 12;
  controls.target.copy(centre);

  const dress = dressed(model);
  let asked = 0;
  let moved: (() => void) | null = null;
  let steady = false;
  let pixels = Math.min(devicePixelRatio, 2);
  let before = 0;
  // Draws only when something changed: a still model costs no battery.
  const draw = (now: number): void => {
    asked = 0;
    // Weak machines turn it smoothly with fewer pixels.
    if (controls.autoRotate && now - before > SLOW && now - before < 1000 && pixels > 0.5) {
      pixels = Math.max(0.5, pixels * 0.8);
      renderer.setPixelRatio(pixels);
    }
    before = now;
    const going = !steady && controls.update();
    renderer.render(scene, camera);
    if (controls.autoRotate || going) {
      again();
    }
  };
  const again = (): void => {
    if (asked === 0) {
      asked = requestAnimationFrame(draw);
    }
  };
  controls.addEventListener("change", () => { moved?.(); again(); });

  const home = (): void => {
    steady = false;
    controls.enabled = true;
    camera.fov = FIELD;
    // A little closer than the ball around the model: its corners are rarely as far as that.
    const distance = ((radius * 0.88) / Math.sin(MathUtils.degToRad(FIELD / 2))) * Math.max(1, 1 / camera.aspect);
    camera.position.copy(centre).add(new Vector3(0, 0.3, 1).normalize().multiplyScalar(distance));
    camera.up.set(0, 1, 0);
    camera.updateProjectionMatrix();
    controls.update();
    again();
  };
  const fit = (): void => {
    const { width, height } = canvas.getBoundingClientRect();
    renderer.setPixelRatio(pixels);
    renderer.setSize(width, height, false);
    camera.aspect = width / Math.max(1, height);
    camera.updateProjectionMatrix();
    again();
  };
  const watcher = new ResizeObserver(fit);
  watcher.observe(canvas);
  fit();
  home();

  const setLight = (light: Light): void => {
    const [sky, ground, strength, lampStrength, place] = LIGHT[light];
    around.color.set(sky);
    around.groundColor.set(ground);
    around.intensity = strength;
    lamp.intensity = lampStrength;
    lamp.position.copy(place);
    again();
  };
  setLight("studio");

  return {
    setLook: (look: Look) => { dress(look); again(); },
    setLight,
    setBackground: (name) => {
      const colour = BACKGROUNDS[name];
      scene.background = colour === null ? null : new Color(colour);
      again();
    },
    turn: (on) => { controls.autoRotate = on; again(); },
    reset: home,
    nudge: (right, up, nearer) => {
      const offset = camera.position.clone().sub(controls.target);
      offset.applyAxisAngle(camera.up, right * STEP);
      const side = new Vector3().crossVectors(camera.up, offset).normalize();
      const raised = offset.clone().applyAxisAngle(side, up * STEP);
      if (Math.abs(raised.clone().normalize().dot(camera.up)) < 0.98) {
        offset.copy(raised);
      }
      offset.multiplyScalar(0.9 ** nearer).clampLength(controls.minDistance, controls.maxDistance);
      camera.position.copy(controls.target).add(offset);
      controls.update();
      again();
    },
    seeAs: (eye: Eye) => {
      steady = true;
      controls.autoRotate = false;
      controls.enabled = false;
      const up = new Vector3(...eye.down).negate().normalize();
      camera.position.set(...eye.origin);
      camera.up.copy(up);
      // The photo's square is one unit high, `down` per unit of depth.
      camera.fov = MathUtils.radToDeg(2 * Math.atan(0.5 / new Vector3(...eye.down).length()));
      camera.updateProjectionMatrix();
      camera.lookAt(camera.position.clone().add(new Vector3(...eye.forward)));
      again();
    },
    place: () => camera.position.toArray(),
    follow: (position) => {
      camera.position.fromArray([...position]);
      controls.update();
      again();
    },
    onMove: (heard) => { moved = heard; },
    close: () => {
      watcher.disconnect();
      cancelAnimationFrame(asked);
      asked = -1;
      controls.dispose();
      release(model);
      renderer.dispose();
    },
  };
}

function release(model: Object3D): void {
  model.traverse((part) => {
    if ("geometry" in part) {
      (part.geometry as { dispose: () => void }).dispose();
    }
  });
}

/** The whole file, told in shares while it comes. */
async function fetched(url: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || answer.body === null) {
    throw new Error(`the model answered ${answer.status}`);
  }
  const all = Number(answer.headers.get("Content-Length") ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let have = 0;
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) {
      return await new Blob(parts).arrayBuffer();
    }
    parts.push(value);
    have += value.length;
    onProgress(all > 0 ? Math.min(1, have / all) : 0);
  }
}
