/** '+6281250001234' → '+62 812-5000-1234'; anything that is not E.164 stays as the network gave it. */
export function readable(ani: string): string {
  const parts = /^\+62(\d{3})(\d{3,4})(\d{3,5})$/.exec(ani)
  return parts === null ? ani : `+62 ${parts[1]}-${parts[2]}-${parts[3]}`
}
