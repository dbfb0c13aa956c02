import { Link } from '#core/web/navigation.tsx'
import { useWords } from '#core/web/words.ts'

/** The ways between the lists of the network. */
export function Lists() {
  const t = useWords('structure')
  return (
    <nav className="row" aria-label={t('editing.lists')}>
      <Link to="/structure">{t('directory')}</Link>
      <Link to="/structure/links">{t('links.title')}</Link>
      <Link to="/structure/responsibilities">{t('responsibilities.title')}</Link>
      <Link to="/structure/products">{t('products.title')}</Link>
      <Link to="/structure/media">{t('media.title')}</Link>
      <Link to="/structure/places">{t('places.title')}</Link>
      <Link to="/structure/variants">{t('variants.title')}</Link>
    </nav>
  )
}
