import { z } from 'zod'

// zod compiles its checks with `new Function` where it may; our policy forbids it, so it need not try
z.config({ jitless: true })
