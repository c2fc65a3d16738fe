for (const figure of document.querySelectorAll(".compare")) {
  const range = figure.querySelector("input")
  const show = () => {
    figure.style.setProperty("--at", `${range.value}%`)
    range.setAttribute("aria-valuetext", `${Math.round(range.value)} percent before`)
  }
  const follow = event => {
    const box = figure.getBoundingClientRect()
    range.value = 100 * (event.clientX - box.left) / box.width
    show()
  }
  range.addEventListener("input", show)
  range.addEventListener("keydown", event => { // its own steps are made for pointers
    const by = { ArrowLeft: -4, ArrowDown: -4, ArrowRight: 4, ArrowUp: 4 }[event.key]
    if (!by) return
    event.preventDefault()
    range.value = Number(range.value) + by
    show()
  })
  figure.addEventListener("pointerdown", event => {
    if (event.button) return
    figure.setPointerCapture(event.pointerId)
    range.focus({ preventScroll: true })
    follow(event)
  })
  figure.addEventListener("mousedown", event => event.preventDefault()) // it would take the focus away again
  figure.addEventListener("pointermove", event => figure.hasPointerCapture(event.pointerId) && follow(event))
  show()
}
if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
  for (const video of document.querySelectorAll("video")) { video.autoplay = false; video.pause() }
}
