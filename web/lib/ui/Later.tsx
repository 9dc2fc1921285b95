/** Code that nobody needs in the first moment, so that a page is drawn before it has come. */
import { Component, Suspense, type ReactNode } from 'react'

interface LaterProps {
  /** Drawn until the children's code is there, and where it cannot be fetched. */
  fallback: ReactNode
  children: ReactNode
}

export class Later extends Component<LaterProps, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    const { fallback, children } = this.props
    return this.state.failed ? fallback : <Suspense fallback={fallback}>{children}</Suspense>
  }
}
