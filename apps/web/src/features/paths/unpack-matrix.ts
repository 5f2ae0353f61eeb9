import { unpackCells } from '@spanwire/mesh/paths/packed-cells'
import type { Matrix, PackedMatrix } from './path-shapes.ts'

/** As it came, with its pairs as objects and each row with its site. */
export function unpackMatrix({ network, by, sites, rows, cells, at }: PackedMatrix): Matrix {
  return {
    ...{ network, by, at },
    rows: rows.map(({ site, ...row }) => {
      const place = site === null ? undefined : sites[site]
      return { ...row, siteId: place?.id ?? null, siteName: place?.name ?? null }
    }),
    cells: unpackCells(cells, rows, Date.parse(at)),
  }
}
