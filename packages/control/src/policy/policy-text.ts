import { z } from 'zod'

/** Its own largest size is said by the reader, with a sentence; this keeps what is no policy out of it. */
export const PolicyText = z.string().max(1_048_576, 'A policy has a million characters at most.')

/** What stands in the editor where there is no policy yet: it says what it does, and changes nothing when it is saved. */
export const PROPOSED_POLICY = `{
  // Without "acls" everything inside of the network is allowed. With an empty list nothing is.
  // "acls": [
  //   { "action": "accept", "src": ["autogroup:member"], "dst": ["*:*"] },
  // ],

  // Who is meant by a name. People are meant by their e-mail addresses, and their devices with them.
  "groups": {
    // "group:ops": ["alice@example.com"],
  },

  // Tags of machines, and who may give them.
  "tagOwners": {
    // "tag:db": ["group:ops"],
  },

  // Run each time this is saved; one that fails refuses it.
  "tests": [
    // { "src": "group:ops", "accept": ["tag:db:5432"] },
  ],
}
`
