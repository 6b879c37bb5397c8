// Draws one widget's draw lists with WebGL: one program, one atlas, one scissor rectangle for each command, no read-back.

const vertexSource = `
uniform vec2 scale;
attribute vec2 position;
attribute vec2 texel;
attribute vec4 colour;
varying vec2 at;
varying vec4 tint;
void main() {
  at = texel;
  tint = vec4(colour.rgb * colour.a, colour.a);
  gl_Position = vec4(position * scale + vec2(-1.0, 1.0), 0.0, 1.0);
}`;

const fragmentSource = `
precision mediump float;
uniform sampler2D atlas;
uniform vec4 plain;
varying highp vec2 at;
varying vec4 tint;
void main() {
  vec4 texel = texture2D(atlas, at);
  gl_FragColor = tint * (texel + texel.a * plain);
}`;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} side of the square atlas, in texels
 * @returns null if WebGL is not available
 */
export function createRenderer(canvas, side) {
  const attributes = { antialias: false, depth: false };
  const gl = /** @type {WebGL2RenderingContext | null} */ (
    canvas.getContext('webgl2', attributes) || canvas.getContext('webgl', attributes)
  );
  // WebGL 1 has 16-bit indices without this extension; every WebGL 1 of the last ten years has it.
  if (!gl || gl.isContextLost()) return null;
  if (!('drawBuffers' in gl) && !(/** @type {any} */ (gl).getExtension('OES_element_index_uint'))) return null;

  /** @type {WebGLProgram} */
  let program;
  /** @type {WebGLUniformLocation | null | undefined} */
  let scale;
  /** @type {WebGLUniformLocation | null} */
  let plain;
  // One byte per texel, a quarter of the memory, until the atlas must hold colours.
  let format = gl.ALPHA;
  function hold() {
    gl.texImage2D(gl.TEXTURE_2D, 0, format, side, side, 0, format, gl.UNSIGNED_BYTE, null);
  }

  const compiled = (type, source) => {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    return shader;
  };

  function setUp() {
    program = gl.createProgram();
    gl.attachShader(program, compiled(gl.VERTEX_SHADER, vertexSource));
    gl.attachShader(program, compiled(gl.FRAGMENT_SHADER, fragmentSource));
    ['position', 'texel', 'colour'].forEach((name, slot) => gl.bindAttribLocation(program, slot, name));
    gl.linkProgram(program);
    scale = undefined;
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 20, 0);
    gl.vertexAttribPointer(1, 2, gl.FLOAT, false, 20, 8);
    gl.vertexAttribPointer(2, 4, gl.UNSIGNED_BYTE, true, 20, 16);
    for (const slot of [0, 1, 2]) gl.enableVertexAttribArray(slot);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    hold();
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.enable(gl.SCISSOR_TEST);
  }
  setUp();

  return {
    setUp,
    /** Uploads texels to x, y of the atlas. */
    upload: (x, y, texels) => gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, format, gl.UNSIGNED_BYTE, texels),
    /** Clears the atlas; from now on it stores colours. */
    holdColours() {
      format = gl.RGBA;
      hold();
    },
    /** @param {ReturnType<ReturnType<typeof import('./core.js').createCore>['drawing']>} drawing in CSS pixels, y down */
    draw({ vertices, indices, counts, clips, clear }, ratio) {
      const { width, height } = canvas;
      if (!scale) {
        // As late as possible: reading the link status blocks, while the browser links in parallel with the rest of the start.
        gl.useProgram(program);
        scale = gl.getUniformLocation(program, 'scale');
        plain = gl.getUniformLocation(program, 'plain');
      }
      const fill = format === gl.ALPHA ? 1 : 0;
      gl.uniform4f(plain, fill, fill, fill, 0);
      gl.viewport(0, 0, width, height);
      gl.uniform2f(scale, (2 * ratio) / width, (-2 * ratio) / height);
      gl.scissor(0, 0, width, height);
      // The background is a theme token, 0xRRGGBBAA.
      const [alpha, blue, green, red] = [0, 8, 16, 24].map((shift) => ((clear >>> shift) & 255) / 255);
      gl.clearColor(red * alpha, green * alpha, blue * alpha, alpha);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.bufferData(gl.ARRAY_BUFFER, vertices, gl.STREAM_DRAW);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STREAM_DRAW);
      for (let at = 0; at < counts.length; at += 6) {
        const left = Math.max(0, Math.floor(clips[at + 2] * ratio));
        const top = Math.max(0, Math.floor(clips[at + 3] * ratio));
        const right = Math.min(width, Math.ceil(clips[at + 4] * ratio));
        const bottom = Math.min(height, Math.ceil(clips[at + 5] * ratio));
        if (right <= left || bottom <= top) continue;
        gl.scissor(left, height - bottom, right - left, bottom - top);
        gl.drawElements(gl.TRIANGLES, counts[at], gl.UNSIGNED_INT, counts[at + 1] * 4);
      }
    },
    /** Releases the WebGL context at once: browsers keep only about sixteen alive. */
    destroy: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  };
}
