import { useSyncExternalStore } from 'react'
import { currentLook, onLook, type Look, type View } from './look.ts'

export const useLook = (): Look => useSyncExternalStore(onLook, currentLook, currentLook)
export const useView = (): View => useLook().view
