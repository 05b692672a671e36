// Saves the server's picture, with its title, legend and source, as a PNG at the size of a poster.

const POSTER_WIDTH = 4000; // pixels

/**
 * @param {DOMStringMap} wanted the address of the picture (`source`) and the name of the file (`name`)
 */
export async function savePoster({ source = "", name = "" }) {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), {
    width: POSTER_WIDTH, height: Math.round((POSTER_WIDTH * image.naturalHeight) / image.naturalWidth),
  });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${name}.png` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
