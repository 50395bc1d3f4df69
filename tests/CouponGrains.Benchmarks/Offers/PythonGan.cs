using System.Globalization;

namespace CouponGrains.Benchmarks.Offers;

/// <summary>The network and loop of our generator in Python's torch, written as one does there: Sequential, the
/// library's Adam, Gumbel-softmax block by block, the penalty by derivatives of derivatives.</summary>
internal sealed class PythonGan
{
    private const string Program = """
        import os, sys, time
        os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
        import torch
        from torch import nn
        import torch.nn.functional as F
        rows, epochs, batch, conditions, seed = map(int, sys.argv[1:6])
        widths = list(map(int, sys.argv[6].split(",")))
        torch.set_num_threads(1)
        torch.manual_seed(seed)
        noise, pack, width = 16, 4, sum(widths)
        hot = lambda n: F.one_hot(torch.randint(n, (rows,)), n).float()
        designs, condition = torch.cat([hot(n) for n in widths], 1), hot(conditions)
        layers = lambda a, b, c, d: nn.Sequential(
            nn.Linear(a, b), nn.LeakyReLU(0.2), nn.Linear(b, c), nn.LeakyReLU(0.2), nn.Linear(c, d))
        g = layers(noise + conditions, 128, 128, width)
        d = layers(pack * (conditions + width), 256, 128, 1)
        for_g = torch.optim.Adam(g.parameters(), 3e-4, (0.5, 0.9))
        for_d = torch.optim.Adam(d.parameters(), 3e-4, (0.5, 0.9))
        mean = [p.detach().clone() for p in g.parameters()]

        def generate(y):
            o = g(torch.cat([torch.randn(len(y), noise), y], 1))
            return torch.cat([F.gumbel_softmax(part, 0.5, hard=True) for part in o.split(widths, 1)], 1)

        def judge(x, y):
            return d(torch.cat([x, y], 1).reshape(len(x) // pack, -1))

        def penalty(real, made, y):
            share = torch.rand(len(real) // pack, 1).repeat_interleave(pack, 0)
            x = (share * real + (1 - share) * made).requires_grad_(True)
            slope = torch.autograd.grad(judge(x, y).sum(), x, create_graph=True)[0].reshape(len(real) // pack, -1)
            return ((slope.norm(dim=1) - 1) ** 2).mean()

        def step():
            for _ in range(2):
                rows_now = torch.randint(rows, (batch,))
                real, y = designs[rows_now], condition[rows_now]
                with torch.no_grad():
                    made = generate(y)
                loss = judge(made, y).mean() - judge(real, y).mean() + 10 * penalty(real, made, y)
                for_d.zero_grad()
                loss.backward()
                for_d.step()
                loss.item()
            y = condition[torch.randint(rows, (batch,))]
            loss = -judge(generate(y), y).mean()
            for_g.zero_grad()
            loss.backward()
            for_g.step()
            with torch.no_grad():
                for m, p in zip(mean, g.parameters()):
                    m.lerp_(p, 0.01)

        times = []
        for epoch in range(epochs):
            begin = time.perf_counter()
            for _ in range(max(1, rows // batch)):
                step()
            times.append(time.perf_counter() - begin)
        print(" ".join(map(str, times)))
        """;

    private readonly string _python;

    private PythonGan(string python) => _python = python;

    /// <summary>Null, with the reason, where no Python with torch is found.</summary>
    public static (PythonGan? Gan, string Reason) Find() =>
        Python.Find("import torch; print('torch', torch.__version__)") is { } found
            ? (new(found.Python), found.Versions)
            : (null, "no python3 with torch (Debian: apt install python3-torch)");

    /// <summary>Seconds of each epoch.</summary>
    public double[] Run(int rows, int epochs, int batch, int conditions, int seed, IEnumerable<int> widths)
    {
        var (code, output) = Python.Start(_python, "-c", Program, $"{rows}", $"{epochs}", $"{batch}", $"{conditions}",
            $"{seed}", string.Join(',', widths));
        return code == 0
            ? [.. output.Split().Where(t => t.Length > 0).Select(t => double.Parse(t, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"Python ended with {code}.");
    }
}
