// For bundles: leaves out of @msgpack/msgpack what flat frames never hold (maps, binary, floats, nil, extensions) and what this package
// never uses (streams, options, messages of errors that become a ProtocolError anyhow). What is left refuses all of that, as the whole package
// together with the Cursor does. A version of the package that does not look as expected fails the build.
import { readFile } from 'node:fs/promises'
import path from 'node:path'

// Methods and functions to leave out, by file.
const unused = {
  'Decoder.mjs': [
    'appendBuffer', 'clone', 'createExtraByteError', 'decodeMulti', 'decodeAsync', 'decodeArrayStream', 'decodeStream', 'decodeMultiAsync', 'decodeBinary',
    'decodeExtension', 'pushMapState', 'readArraySize', 'readF32', 'readF64', 'readU64AsBigInt', 'readI64AsBigInt', 'stateIsMapKey',
  ],
  'Encoder.mjs': [
    'clone', 'encode', 'encodeNil', 'encodeNumberAsFloat', 'encodeBigInt64', 'encodeBinary', 'encodeExtension', 'encodeMap', 'countWithoutUndefined',
    'writeBigInt64', 'writeBigUint64', 'writeF32', 'writeF64', 'writeU8a',
  ],
  'utf8.mjs': [],
}

// What is known when bundling, so that branches that are never taken go.
const known = [
  [/this\.(useBigInt64|rawStrings|forceFloat32|forceIntegerToFloat|entered)\b/g, 'false'],
  [/this\.stateIsMapKey\(\)|ArrayBuffer\.isView\(object\)|typeof object === "object"/g, 'false'],
  [/this\.extensionCodec\.tryToEncode\(object, this\.context\)/g, 'null'],
  [/headByte === 0x(c[04-9ab]|d[4-8]|de|df)\b/g, 'false'],
  [/headByte < 0x90\b/g, 'false'], // a small map: taken for an array of less than nothing
  [/state\.type === STATE_(MAP_KEY|MAP_VALUE)/g, 'false'],
  [/(new (?:DecodeError|RangeError|Error))\((`[^`]*`|"[^"]*")\)/g, '$1()'],
  [/throw this\.createExtraByteError\(.*\)/g, 'throw new DecodeError()'],
  [/^const sharedCachedKeyDecoder .*|^try \{[^]*?^}\ncatch[^]*?^}\n/gm, ''],
  [/str\.length > TEXT_ENCODER_THRESHOLD|byteLength > TEXT_DECODER_THRESHOLD/g, 'true'],
]

// Fields that are known or unused, and what sets them.
const fields = /^ +(this\.)?(useBigInt64|rawStrings|forceFloat32|forceIntegerToFloat|entered|extensionCodec|context|sortKeys|ignoreUndefined|keyDecoder|mapKeyConverter|maxBinLength|maxMapLength|maxExtLength|totalPos)( = .*)?;.*$/gm

/** The esbuild plugin. */
export const slim = {
  name: 'slim',
  setup(build) {
    build.onLoad({ filter: /@msgpack[\\/]msgpack[\\/]dist\.esm[\\/](Decoder|Encoder|utils[\\/]utf8)\.mjs$/ }, async ({ path: file }) => {
      const name = path.basename(file)
      let text = (await readFile(file, 'utf8')).replace(fields, '')
      for (const unit of unused[name]) {
        const before = text.length
        text = text.replace(new RegExp(`^( *)(?:async |export function )?\\*?${unit}\\([^)]*\\) \\{\\n[^]*?^\\1\\}\\n`, 'gm'), '')
        if (text.length === before) throw new Error(`${name} has no ${unit}: is it another version of @msgpack/msgpack?`)
      }
      for (const [from, to] of known) text = text.replace(from, to)
      return { contents: text, loader: 'js' }
    })
  },
}
