import { describe, expect, it } from 'vitest'
import { linkify } from '../src/linkify'

const links = (text: string): string[] => linkify(text).filter((p) => p.href).map((p) => p.href)

describe('links in chat', () => {
  it('loses no letter', () => {
    for (const text of ['', 'hello', 'see https://a.example/x, or (https://b.example/y_(z)).', 'https://', 'http://user:pw@x.example y']) {
      expect(linkify(text).map((p) => p.text).join('')).toBe(text)
    }
  })
  it.each([
    ['see https://a.example/x, or not', ['https://a.example/x']],
    ['(https://a.example/y_(z)).', ['https://a.example/y_(z)']],
    ['http://localhost:7777/?lobby=AB12CD34!', ['http://localhost:7777/?lobby=AB12CD34']],
    ['two: https://a.example https://b.example', ['https://a.example/', 'https://b.example/']],
  ])('%s', (text, expected) => expect(links(text)).toEqual(expected))
  it.each([
    'javascript:alert(1)', 'data:text/html,x', 'java\nscript:alert(1)', 'ftp://a.example', 'https://', 'https://bank.example@evil.example/',
    'JAVASCRIPT://https', 'vbscript:x', '//a.example', '<a href="x">', 'mailto:a@b.example',
  ])('%s is none', (text) => expect(links(text)).toEqual([]))
  it('stops at quotes and brackets', () => expect(links('https://a.example/"onclick="x')).toEqual(['https://a.example/']))
})
