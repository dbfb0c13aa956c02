/** A plain copy of one element, safe to keep after the document is disposed of. Text and CDATA are joined; comments and instructions are left out. */
export type XmlNode = {
  name: string
  /** '' when in no namespace. */
  namespace: string
  attributes: XmlAttribute[]
  children: (XmlNode | string)[]
  /** 0-based place among all elements of the document, in document order. */
  position: number
  line: number
}

export type XmlAttribute = { name: string; namespace: string; value: string }

export function elementsIn(node: XmlNode): XmlNode[] {
  return node.children.filter((child): child is XmlNode => typeof child !== 'string')
}

/** The element's own text with that of everything inside it, exactly as written. */
export function textOf(node: XmlNode): string {
  return node.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
}

export function childrenNamed(node: XmlNode, name: string, namespace = node.namespace): XmlNode[] {
  return elementsIn(node).filter((child) => child.name === name && child.namespace === namespace)
}

export function childNamed(node: XmlNode, name: string, namespace = node.namespace): XmlNode | undefined {
  return elementsIn(node).find((child) => child.name === name && child.namespace === namespace)
}

export function attributeOf(node: XmlNode, name: string, namespace = ''): string | undefined {
  return node.attributes.find((attribute) => attribute.name === name && attribute.namespace === namespace)?.value
}

/** Every element below `node`, itself first, in document order. */
export function* everyElement(node: XmlNode): Generator<XmlNode> {
  yield node
  for (const child of elementsIn(node)) yield* everyElement(child)
}
