// The workload written by hand in C++: blocks of draws are made, evaluated and reduced while they are
// in the cache, and nothing is stored. Loops over a block are plain, for the compiler to vectorise.
//
// A beta variable with whole parameters is a product of powers of uniforms; normal variables come in
// pairs (Box and Muller, 1958); random words from Philox4x32-10 (Salmon et al., 2011).

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace {

constexpr int N = 512;           // draws in a block
constexpr int UNIFORMS = 16;     // a draw
constexpr int OUTPUTS = 4;
constexpr int FINENESS = 10;     // 2^10 bins an octave: a bin is 0.1 % wide
constexpr int OCTAVES = 64;      // from 1 on, the unit of the output: hours, dollars, kWh
constexpr int BINS = OCTAVES << FINENESS;
constexpr double Z95 = 1.6448536269514722;

struct Block {
    alignas(64) double u[UNIFORMS][N];
    alignas(64) double y[OUTPUTS][N];
};

struct Tally {
    double count = 0, mean = 0, m2 = 0;
    std::vector<uint64_t> bins = std::vector<uint64_t>(BINS);
};

#ifdef __AVX512F__
constexpr int WIDTH = 8;
#else
constexpr int WIDTH = 4;
#endif
using Words = uint64_t __attribute__((vector_size(8 * WIDTH)));  // each word in the low half
using Doubles = double __attribute__((vector_size(8 * WIDTH)));

// Products of the low halves; the high halves may hold anything.
inline Words multiply(Words a, uint32_t b) {
#if defined __AVX512F__
    return Words(_mm512_mul_epu32(__m512i(a), _mm512_set1_epi64(b)));
#elif defined __AVX2__
    return Words(_mm256_mul_epu32(__m256i(a), _mm256_set1_epi64x(b)));
#else
    return (a & 0xFFFFFFFFu) * b;
#endif
}

// u = (k + 1/2) 2^-52, k of 52 bits: never 0 or 1.
inline Doubles to_uniform(Words high, Words low) {
    Words k = (high << 32 >> 12) ^ (low & 0xFFFFFu);
    return Doubles(k | 0x3FF0000000000000u) - (1 - 0x1p-53);
}

// Fill two uniforms a draw with the Philox blocks of counters (index, row, 0).
void fill_uniforms(uint32_t key, uint64_t first, uint32_t row, double (*u)[N]) {
    Words lane;
    for (int i = 0; i < WIDTH; i++) lane[i] = i;
    for (int i = 0; i < N; i += WIDTH) {
        Words c0 = first + i + lane;
        Words c1 = c0 >> 32, c2 = row + Words{}, c3{};
        uint32_t k0 = key, k1 = 0;
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            Words p0 = multiply(c0, 0xD2511F53u), p1 = multiply(c2, 0xCD9E8D57u);
            c0 = (p1 >> 32) ^ c1 ^ k0;
            c2 = (p0 >> 32) ^ c3 ^ k1;
            c1 = p1, c3 = p0;
            k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
        }
        *(Doubles *)(u[0] + i) = to_uniform(c0, c1);
        *(Doubles *)(u[1] + i) = to_uniform(c2, c3);
    }
}

// Turn two rows of uniforms into two rows of standard normal variables. Sine and cosine each have a
// loop of their own: together the compiler makes a sincos of them, which has no vector version.
void make_normal(double *a, double *b) {
    alignas(64) double radius[N], angle[N];
    for (int i = 0; i < N; i++) radius[i] = std::sqrt(-2.0 * std::log(a[i]));
    for (int i = 0; i < N; i++) angle[i] = 2 * M_PI * b[i];
    for (int i = 0; i < N; i++) a[i] = radius[i] * std::cos(angle[i]);
    for (int i = 0; i < N; i++) b[i] = radius[i] * std::sin(angle[i]);
}

inline double lognormal(double p5, double p95, double z) {
    return std::exp(0.5 * std::log(p5 * p95) + std::log(p95 / p5) / (2 * Z95) * z);
}

inline double triangular(double low, double mode, double high, double u) {
    double width = high - low, left = mode - low;
    bool rising = u * width < left;
    double area = rising ? u * width * left : (1 - u) * width * (high - mode);
    double root = std::sqrt(area);
    return rising ? low + root : high - root;
}

// The normal variable is cut at -3 and 6; the few draws outside are made again, one by one.
void truncate(uint32_t key, uint64_t first, double *z) {
    for (int i = 0; i < N; i++) {
        uint64_t state = (first + i) * 0x9E3779B97F4A7C15ull + key;
        while (z[i] < -3 || z[i] > 6) {  // a small generator (SplitMix64) will do for one in 740
            double u[2];
            for (double &x : u) {
                uint64_t s = state += 0x9E3779B97F4A7C15ull;
                s = (s ^ (s >> 30)) * 0xBF58476D1CE4E5B9ull;
                s = (s ^ (s >> 27)) * 0x94D049BB133111EBull;
                x = (double((s ^ (s >> 31)) >> 12) + 0.5) * 0x1p-52;
            }
            z[i] = std::sqrt(-2 * std::log(u[0])) * std::cos(2 * M_PI * u[1]);
        }
    }
}

void evaluate(Block &block) {
    auto &u = block.u;
    auto &y = block.y;
    const double hours = 24.0, share = 1.3 / 365.25;
    for (int i = 0; i < N; i++) {
        double count = lognormal(20000, 30000, u[0][i]), days = triangular(90, 100, 180, u[6][i]);
        double uptime = std::exp(std::log(u[7][i]) / 18 + std::log(u[8][i]) / 19);
        double gpu_hours = count * days * hours * uptime;
        y[0][i] = gpu_hours;
        y[1][i] = gpu_hours * lognormal(1, 4, u[1][i]);
        y[3][i] = count * lognormal(10000, 15000, u[2][i]) * share * days / (3 + 2 * u[9][i]);
    }
    for (int i = 0; i < N; i++) {
        double use = std::exp(std::log(u[10][i]) / 12 + std::log(u[11][i]) / 13 +
                              std::log(u[12][i]) / 14 + std::log(u[13][i]) / 15);
        double power = (0.35 + 0.07 * u[14][i]) * use * (1.4 + 0.1 * u[5][i]);
        double energy = y[0][i] * power * triangular(1.08, 1.12, 1.25, u[15][i]);
        double bill = energy * lognormal(0.05, 0.12, u[3][i]);
        y[2][i] = energy;
        y[3][i] = (y[3][i] + bill) * lognormal(1.2, 2.0, u[4][i]);
    }
}

// Moments of a block are merged pairwise (Chan, Golub and LeVeque, 1983); bins follow the bits of y.
void reduce(const double *y, Tally &tally) {
    double sum = 0, m2 = 0;
    for (int i = 0; i < N; i++) sum += y[i];
    const double mean = sum / N;
    for (int i = 0; i < N; i++) m2 += (y[i] - mean) * (y[i] - mean);
    const double delta = mean - tally.mean, all = tally.count + N;
    tally.m2 += m2 + delta * delta * tally.count * N / all;
    tally.mean += delta * N / all;
    tally.count = all;
    alignas(64) int32_t bin[N];
    for (int i = 0; i < N; i++) {
        int64_t bits;
        std::memcpy(&bits, &y[i], 8);
        bin[i] = int32_t((bits >> (52 - FINENESS)) - (1023ll << FINENESS));
    }
    for (int i = 0; i < N; i++) tally.bins[bin[i]]++;
}

double edge(int64_t bin) {
    int64_t bits = (bin + (1023ll << FINENESS)) << (52 - FINENESS);
    double y;
    std::memcpy(&y, &bits, 8);
    return y;
}

double quantile(const Tally &tally, double p) {
    double wanted = p * tally.count, below = 0;
    int bin = 0;
    while (below + tally.bins[bin] < wanted) below += tally.bins[bin++];
    double share = (wanted - below) / tally.bins[bin];
    return edge(bin) + share * (edge(bin + 1) - edge(bin));
}

}  // namespace

// Fill five statistics (mean, sd, 5, 50, 95 %) of each output; draws is a multiple of 512.
extern "C" void run(int64_t draws, uint32_t seed, double *answers) {
    static Block block;
    Tally tally[OUTPUTS];
    for (int64_t first = 0; first < draws; first += N) {
        for (int row = 0; row < UNIFORMS; row += 2) fill_uniforms(seed, first, row, block.u + row);
        for (int row = 0; row < 6; row += 2) make_normal(block.u[row], block.u[row + 1]);
        truncate(seed, first, block.u[5]);
        evaluate(block);
        for (int k = 0; k < OUTPUTS; k++) reduce(block.y[k], tally[k]);
    }
    for (int k = 0; k < OUTPUTS; k++) {
        double *a = answers + 5 * k;
        a[0] = tally[k].mean;
        a[1] = std::sqrt(tally[k].m2 / (tally[k].count - 1));
        a[2] = quantile(tally[k], 0.05), a[3] = quantile(tally[k], 0.5);
        a[4] = quantile(tally[k], 0.95);
    }
}
