import type { ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button } from './button.tsx'
import { useWords } from './words.ts'
import './dialog.css'

export interface SheetWords {
  title: string
  children: (close: () => void) => ReactNode
}

/** The dialog itself: the part of the kit that is fetched when the first one opens (or when the line is idle). */
export function DialogSheet({ onOpenChange, title, children }: SheetWords & { onOpenChange: (open: boolean) => void }) {
  const t = useWords()
  return (
    <ModalOverlay className="dialog-veil" isOpen onOpenChange={onOpenChange}>
      <Modal className="dialog-sheet">
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
      </Modal>
    </ModalOverlay>
  )
}
