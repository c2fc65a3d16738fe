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
  figure.addEventListener("pointerdown", event => {
    if (event.button) return
    figure.setPointerCapture(event.pointerId)
    range.focus({ preventScroll: true })
    follow(event)
  })
  figure.addEventListener("pointermove", event => figure.hasPointerCapture(event.pointerId) && follow(event))
  show()
}
if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
  for (const video of document.querySelectorAll("video")) { video.autoplay = false; video.pause() }
}
