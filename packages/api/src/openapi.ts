/** The OpenAPI 3.1 document of /api/v1, made from the router: what it says is what the procedures check. */
import { generateOpenApiDocument, type OpenAPIObject } from 'trpc-to-openapi'
import { z } from 'zod'
import { RestError } from './rest-error.ts'
import { appRouter } from './router.ts'
import { version } from './version.ts'

export const REST_BASE = '/api/v1'

export function openApiDocument(serverUrl: string): OpenAPIObject {
  const document = generateOpenApiDocument(appRouter, {
    title: 'Spanwire',
    version,
    description:
      'Everything that the console does. Send an API key as `Authorization: Bearer swk_…`; make one in the console under Settings, or with `npm run admin`. Ids of another organization answer 404, as ids that never were.',
    baseUrl: `${serverUrl}${REST_BASE}`,
    openApiVersion: '3.1.0',
    securitySchemes: {
      apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'swk_ and 43 characters', description: 'An API key.' },
    },
  })
  const schemas = document.components?.schemas ?? {}
  // The generator describes an error body that only its own handler would send.
  for (const name of Object.keys(schemas).filter((name) => name.startsWith('error.'))) schemas[name] = errorSchema
  return document
}

const { $schema: _, ...errorSchema } = z.toJSONSchema(RestError) as Record<string, unknown>
