/** A line without axes: shape only, so the number stands beside it. */
export function Sparkline({
  values,
  width = 96,
  height = 20,
}: {
  values: readonly number[]
  width?: number
  height?: number
}) {
  const most = Math.max(...values, 1)
  if (values.length < 2) return null
  const x = (index: number) => (index / (values.length - 1)) * width
  const y = (value: number) => height - 1 - (value / most) * (height - 2)
  const line = values.map((value, index) => `${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('L')
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden style={{ display: 'block' }}>
      <path d={`M${line}L${width} ${height}L0 ${height}Z`} fill="var(--accent)" opacity="0.12" />
      <path d={`M${line}`} fill="none" stroke="var(--accent)" strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  )
}
