import type { ReactNode } from 'react'
import { Dialog as AriaDialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button, type ButtonWords } from './button.tsx'
import { useWords } from './words.ts'
import './dialog.css'

interface Inside {
  title: string
  children: (close: () => void) => ReactNode
}

const Sheet = ({ title, children }: Inside) => {
  const t = useWords()
  return (
    <AriaDialog className="dialog">
      {({ close }) => (
        <>
          <div className="dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            <Button kind="plain" onPress={close}>
              {t('dialog.close')}
            </Button>
          </div>
          {children(close)}
        </>
      )}
    </AriaDialog>
  )
}

/** A button that opens a dialog. Escape leaves it; a click beside it does not, so that a slip of the hand loses nothing. */
export const DialogButton = ({ words, kind, title, children }: Inside & { words: string; kind?: ButtonWords['kind'] }) => (
  <DialogTrigger>
    <Button {...(kind ? { kind } : {})}>{words}</Button>
    <ModalOverlay className="dialog-veil">
      <Modal className="dialog-sheet">
        <Sheet title={title}>{children}</Sheet>
      </Modal>
    </ModalOverlay>
  </DialogTrigger>
)

/** A dialog opened by something other than a button. */
export const Dialog = ({ open, onOpenChange, title, children }: Inside & { open: boolean; onOpenChange: (open: boolean) => void }) => (
  <ModalOverlay className="dialog-veil" isOpen={open} onOpenChange={onOpenChange}>
    <Modal className="dialog-sheet">
      <Sheet title={title}>{children}</Sheet>
    </Modal>
  </ModalOverlay>
)
