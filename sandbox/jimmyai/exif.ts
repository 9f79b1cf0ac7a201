const GPS_TAG = 0x8825;
const ENTRY_BYTES = 12;

/** Whether an EXIF block (TIFF 6.0 inside, "Exif\0\0" before it or not) has a GPS directory. */
export function pointsToGps(exif: Buffer): boolean {
  const tiff = exif.subarray(exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0);
  const isLittleEndian = tiff.toString('latin1', 0, 2) === 'II';
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const directory = view.getUint32(4, isLittleEndian);
  const entries = view.getUint16(directory, isLittleEndian);
  return Array.from({ length: entries }, (_, index) => directory + 2 + index * ENTRY_BYTES).some(
    (offset) => view.getUint16(offset, isLittleEndian) === GPS_TAG,
  );
}
