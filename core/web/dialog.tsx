import { lazy, Suspense, useState } from 'react'
import { Button, type ButtonWords } from './button.tsx'
import type { SheetWords } from './dialog-sheet.tsx'

const DialogSheet = lazy(async () => ({ default: (await import('./dialog-sheet.tsx')).DialogSheet }))

/** A dialog opened by something other than a button. */
export const Dialog = ({ open, ...sheet }: SheetWords & { open: boolean; onOpenChange: (open: boolean) => void }) =>
  open ? (
    <Suspense>
      <DialogSheet {...sheet} />
    </Suspense>
  ) : null

/** A button that opens a dialog. Escape leaves it; a click beside it does not, so that a slip of the hand loses nothing. */
export function DialogButton({ words, kind, ...sheet }: SheetWords & { words: string; kind?: ButtonWords['kind'] }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button {...(kind ? { kind } : {})} aria-haspopup="dialog" aria-expanded={open} onPress={() => setOpen(true)}>
        {words}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} {...sheet} />
    </>
  )
}
