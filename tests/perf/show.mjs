// From a model's bytes to its first picture in Chromium, in turns: node show.mjs ROUNDS FILE.glb…
// The loader is the one of our site (web/src/viewer/turntable.ts); a machine without a graphics card draws in software.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { startBrowser } from '../journey/browser.mjs';

const [rounds, ...files] = process.argv.slice(2);
const web = fileURLToPath(new URL('../../web/', import.meta.url));
const page = `
import { AmbientLight, Box3, PerspectiveCamera, REVISION, Scene, Vector3, WebGLRenderer } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js';
const renderer = new WebGLRenderer({ alpha: true });
renderer.setSize(640, 480);
const pixel = new Uint8Array(4);
window.revision = REVISION;
window.show = async (url) => {
  const bytes = await (await fetch(url)).arrayBuffer();
  const begun = performance.now();
  const { scene: model } = await new GLTFLoader().setMeshoptDecoder(MeshoptDecoder).parseAsync(bytes, '');
  const parsed = performance.now();
  const box = new Box3().setFromObject(model), size = box.getSize(new Vector3()).length();
  const camera = new PerspectiveCamera(40, 4 / 3, size / 100, size * 10);
  camera.position.copy(box.getCenter(new Vector3())).add(new Vector3(0, 0, size * 1.3));
  const scene = new Scene().add(model, new AmbientLight('#fff', 3));
  renderer.render(scene, camera);
  const gl = renderer.getContext();
  gl.readPixels(320, 240, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);  // waits for the picture
  const ended = performance.now();
  model.traverse((part) => { part.geometry?.dispose(); part.material?.map?.dispose(); part.material?.dispose(); });
  return { parse_ms: parsed - begun, draw_ms: ended - parsed, total_ms: ended - begun, is_seen: pixel[3] > 0 };
};`;

const bundled = await build({ stdin: { contents: page, resolveDir: web }, bundle: true, write: false, format: 'esm' });
const server = createServer(async (request, answer) => {
  const number = Number(request.url.slice(1));
  if (request.url === '/') return answer.setHeader('content-type', 'text/html').end('<script type="module" src="/page.js"></script>');
  if (request.url === '/page.js') return answer.setHeader('content-type', 'text/javascript').end(bundled.outputFiles[0].text);
  return files[number] ? answer.end(await readFile(files[number])) : answer.writeHead(404).end();
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const browser = await startBrowser();
try {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  await tab.waitForFunction(() => window.show);
  const found = files.map(() => []);
  for (let round = 0; round <= rounds; round++)
    for (const [number, file] of files.entries()) {
      const seen = await tab.evaluate((url) => window.show(url), `/${number}`);
      if (!seen.is_seen) throw new Error(`${file} shows nothing`);
      if (round > 0) found[number].push(seen); // the first warms the browser up
    }
  const median = (values) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)];
  const times = found.map((runs) => Object.fromEntries(['parse_ms', 'draw_ms', 'total_ms'].map((key) => [key, Math.round(median(runs.map((run) => run[key])) * 10) / 10])));
  console.log(JSON.stringify({ times, browser: `Chromium ${browser.version()}`, three: await tab.evaluate(() => window.revision) }));
} finally {
  await browser.close();
  server.close();
}
