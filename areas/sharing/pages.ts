import type { AreaPage } from '#core/web/navigation.tsx'

export const pages: readonly AreaPage[] = []
