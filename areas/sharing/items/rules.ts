/** How many items a page shows at once. */
export const pageSize = 100
