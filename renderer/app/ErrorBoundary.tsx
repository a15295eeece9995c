import { Component, type ReactNode } from 'react'
import { useView } from '../state/view.ts'
import { textFor } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import './wait.css'

interface State {
  error: unknown
}

/** A mistake of ours in drawing the window must not leave it white: what happened, and a way to draw it anew. Engine and jobs do not notice. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override render() {
    if (this.state.error === undefined) return this.props.children
    const { language, systemLanguages } = useView.getState()
    const text = textFor(language, systemLanguages)
    return (
      <main className="wait">
        <div className="wait-failed">
          <ErrorNote error={this.state.error} text={text} />
          <Button look="primary" onPress={() => location.reload()}>
            {text.t('common.retry')}
          </Button>
        </div>
      </main>
    )
  }
}
