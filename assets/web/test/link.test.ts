import { describe, expect, it } from 'vitest'
import { codeOf, linkTo, partyCode, partyLink, typed } from '../src/link'

describe('links', () => {
  it('carry a code there and back', () => {
    expect(codeOf(linkTo('AB12CD34', 'https://play.example'))).toBe('AB12CD34')
    expect(codeOf('https://play.example/#ab12cd34')).toBe('AB12CD34')
    expect(codeOf('https://play.example/')).toBe('')
    expect(codeOf('not an address')).toBe('')
    expect(partyCode(partyLink('AB12CD34', 'https://play.example'))).toBe('AB12CD34')
    expect(partyCode(' ab12-cd34 ')).toBe('AB12CD34')
    expect(partyCode(linkTo('AB12CD34', 'https://play.example'))).toBe('')
    expect(codeOf(partyLink('AB12CD34', 'https://play.example'))).toBe('')
  })
  it.each([
    ['AB12CD34', 'AB12CD34'],
    [' ab12-cd34 ', 'AB12CD34'],
    ['https://play.example/?lobby=AB12CD34', 'AB12CD34'],
    ['play.example/?lobby=AB12CD34', 'AB12CD34'],
    ['localhost:7777/#AB12CD34', 'AB12CD34'],
    ['<script>', ''],
    ['', ''],
    ['http://[', ''],
  ])('%s is %s', (text, code) => expect(typed(text)).toBe(code))
})
