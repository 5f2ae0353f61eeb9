import { expect, test } from 'vitest'
import { joinEndpoint, splitEndpoint } from './split-endpoint.ts'

test.each([
  { it: 'an IPv4 address and its port', text: '203.0.113.7:4500', want: { host: '203.0.113.7', port: '4500' } },
  { it: 'a name and its port', text: ' vpn.example.org:51821 ', want: { host: 'vpn.example.org', port: '51821' } },
  {
    it: 'an IPv6 address out of its brackets',
    text: '[2001:db8::7]:51820',
    want: { host: '2001:db8::7', port: '51820' },
  },
  {
    it: 'a host without a port, which gets the usual one',
    text: '203.0.113.7',
    want: { host: '203.0.113.7', port: '51820' },
  },
  {
    it: 'a bare IPv6 address, none of whose groups is a port',
    text: '2001:db8::7',
    want: { host: '2001:db8::7', port: '51820' },
  },
])('an endpoint is split into $it', ({ text, want }) => expect(splitEndpoint(text, 51820)).toEqual(want))

test.each([
  { it: 'plain for IPv4 and names', parts: { host: '203.0.113.7', port: '51820' }, want: '203.0.113.7:51820' },
  { it: 'with brackets for IPv6', parts: { host: '2001:DB8:0::7', port: '51820' }, want: '[2001:db8::7]:51820' },
  {
    it: 'without a second pair of brackets',
    parts: { host: '[2001:db8::7]', port: '51820' },
    want: '[2001:db8::7]:51820',
  },
  { it: 'empty without a host, whatever the port', parts: { host: ' ', port: '51820' }, want: '' },
])('an endpoint is joined $it', ({ parts, want }) => expect(joinEndpoint(parts)).toBe(want))
