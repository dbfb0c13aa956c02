import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Dialog } from 'react-aria-components/Dialog'
import { Input } from 'react-aria-components/Input'
import { Menu, MenuItem } from 'react-aria-components/Menu'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { TextField } from 'react-aria-components/TextField'
import type { PaletteItem } from './palette-items.tsx'
import { matches } from './palette-match.ts'
import { useWords } from './words.ts'
import './dialog.css'
import './fields.css'

/** Ctrl K: every page and every deed by its words. Loaded when it is first asked for. */
export function CommandPalette({
  open,
  onOpenChange,
  items,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  items: readonly PaletteItem[]
}) {
  const t = useWords()
  return (
    <ModalOverlay className="dialog-veil" isOpen={open} onOpenChange={onOpenChange} isDismissable>
      <Modal className="dialog-sheet palette-sheet">
        <Dialog aria-label={t('palette.title')} className="palette">
          <Autocomplete filter={matches}>
            <TextField aria-label={t('palette.ask')} autoFocus>
              <Input className="palette-input" placeholder={t('palette.ask')} />
            </TextField>
            <Menu
              aria-label={t('palette.title')}
              className="list palette-list"
              items={items}
              renderEmptyState={() => <div className="palette-none soft">{t('palette.none')}</div>}
              onAction={(key) => {
                onOpenChange(false)
                items.find((item) => item.id === key)?.run()
              }}
            >
              {(item) => (
                <MenuItem id={item.id} textValue={`${item.words} ${item.more ?? ''}`} className="list-item palette-item">
                  <span>{item.words}</span>
                  <span className="soft">{item.more}</span>
                </MenuItem>
              )}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
