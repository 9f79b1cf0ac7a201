/** Coins without their name: prices to a ten-thousandth, larger sums to a hundredth, and nothing that floats add. */
export function coinNumber(coins: number): string {
  return coins.toLocaleString('en-US', { maximumFractionDigits: Math.abs(coins) < 10 ? 4 : 2 });
}
