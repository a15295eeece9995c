import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Button } from './Button.tsx'
import './sheet.css'

interface Props {
  title: string
  lead?: ReactNode
  /** Shown instead of the cross when the sheet must not be closed lightly. */
  locked?: boolean
  closeLabel: string
  wide?: boolean
  children: ReactNode
  footer?: ReactNode
  onClose(): void
}

/** A dialog over the window. It shows its own errors inside itself; Escape closes it unless it is locked. */
export function Sheet({ title, lead, locked, closeLabel, wide, children, footer, onClose }: Props) {
  return (
    <ModalOverlay
      isOpen
      className="veil"
      isDismissable={false}
      isKeyboardDismissDisabled={locked}
      onOpenChange={open => {
        if (!open) onClose()
      }}
    >
      <Modal className="sheet" data-wide={wide || undefined}>
        <Dialog className="sheet-dialog">
          <header className="sheet-head">
            <Heading slot="title" className="sheet-title">
              {title}
            </Heading>
            {!locked && <Button look="quiet" icon={X} aria-label={closeLabel} onPress={onClose} />}
          </header>
          <div className="sheet-body">
            {lead && <p className="lead">{lead}</p>}
            {children}
          </div>
          {footer && <footer className="sheet-foot">{footer}</footer>}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
