import { decode } from '../decode.ts';
import type { Encoding } from '../dialect.ts';

/**
 * Encodings that `TextDecoder` does not read, and files come in: the "CSV (MS-DOS)" and "CSV (Macintosh)" of Excel in many
 * countries. They are known here so that their files are not taken for others. Characters of the bytes from 0x80 on, by
 * Unicode's mapping tables (https://www.unicode.org/Public/MAPPINGS/VENDORS/).
 */
export const UNREADABLE_ENCODINGS = {
  ibm850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ibm852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  ibm857:
    'ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ\ufffdÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\ufffd×ÚÛÙìÿ¯´\u00ad±\ufffd¾¶§÷¸°¨·¹³²■\u00a0',
  'x-mac-centraleurroman':
    'ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ',
  'x-mac-turkish':
    'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸĞğİıŞş‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙ\uf8a0ˆ˜¯˘˙˚¸˝˛ˇ',
} as const;

export type UnreadableEncoding = keyof typeof UNREADABLE_ENCODINGS;

export function isUnreadable(encoding: string): encoding is UnreadableEncoding {
  return encoding in UNREADABLE_ENCODINGS;
}

function decodeUnreadable(bytes: Uint8Array, encoding: UnreadableEncoding): string {
  const characters = Array.from(UNREADABLE_ENCODINGS[encoding]);
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : characters[byte - 0x80])).join('');
}

/** Text of `bytes` in an encoding that a guess names, one that is not read among them. */
export function decodeAs(bytes: Uint8Array, encoding: Encoding | UnreadableEncoding): string {
  return isUnreadable(encoding) ? decodeUnreadable(bytes, encoding) : decode(bytes, encoding);
}
