// Bundles the page and the SDK into web/dist, from where the Go package embeds them.
import { build, context } from 'esbuild'
import { mkdir, readdir, readFile, rm, writeFile, copyFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

const here = path.dirname(fileURLToPath(import.meta.url))
const dist = path.join(here, 'dist')
const watch = process.argv.includes('--watch')

const common = {
  absWorkingDir: here,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: !watch,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  alias: { '@sandlot/client': path.join(here, '../sdk/src/index.ts') },
}

// The page's files carry a hash of their content and are kept by browsers for ever.
const page = {
  ...common,
  entryPoints: { app: 'src/main.ts', style: 'src/style.css' },
  outdir: path.join(dist, 'static'),
  splitting: true,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  plugins: [{ name: 'index', setup: (b) => b.onEnd((r) => (r.metafile ? index(r.metafile) : undefined)) }],
}

// Beside sandlot.js stands what it loads when it is first used. Its name stays, so that a page that is open finds it after an update of the server.
const sdk = {
  ...common,
  splitting: true,
  chunkNames: '[name]',
  entryPoints: { sandlot: '../sdk/src/index.ts' },
  outdir: path.join(dist, 'sdk'),
}

// index fills the names of the hashed files into the page, and into the one for what is not there.
async function index(meta) {
  const names = Object.entries(meta.outputs).filter(([, o]) => o.entryPoint)
  const find = (entry) => 'static/' + path.basename(names.find(([, o]) => o.entryPoint === entry)[0])
  for (const name of ['index.html', '404.html']) {
    const html = await readFile(path.join(here, 'src', name), 'utf8')
    await writeFile(path.join(dist, name), html.replaceAll('{{app}}', find('src/main.ts')).replaceAll('{{style}}', find('src/style.css')))
  }
}

await mkdir(dist, { recursive: true })
for (const name of await readdir(dist)) if (name !== '.keep') await rm(path.join(dist, name), { recursive: true })
await writeFile(path.join(dist, '.keep'), '')
await copyFile(path.join(here, 'src/icon.svg'), path.join(dist, 'icon.svg'))

if (watch) {
  await Promise.all([page, sdk].map(async (o) => (await context(o)).watch()))
  console.log('watching; rebuild the Go binary to embed what changed')
} else {
  const [made, lib] = await Promise.all([build(page), build(sdk)])
  for (const { outputs } of [made.metafile, lib.metafile]) {
    for (const [name, o] of Object.entries(outputs)) console.log(`${String(Math.ceil(o.bytes / 1024)).padStart(6)} KB  ${name}`)
  }
}
