using TorchSharp;
using static TorchSharp.torch;

namespace CouponGrains.Training.Offers;

/// <summary>From the generator's output to a design's code: all choices at once, padded to the widest, so that the
/// number of operations does not grow with the number of columns.</summary>
internal sealed class DesignHead : IDisposable
{
    private const double Temperature = 0.5;
    private const double Never = -1e9;

    private readonly torch.Generator _dice;
    private readonly int _choices;
    private readonly int _widest;
    private readonly Tensor _padded;   // which output stands at each place of the padded choices
    private readonly Tensor _signed;   // which outputs are places in modes
    private readonly Tensor _order;    // where each place of the code stands in [padded choices, places in modes]
    private readonly (Tensor Never, Tensor Least, Tensor Range, Tensor Sharpness) _constants;

    /// <param name="blocks">What the code is made of; at least one choice.</param>
    /// <param name="dice">Of the Gumbel noise.</param>
    /// <param name="device">Where the output lives.</param>
    public DesignHead(IReadOnlyList<CodeBlock> blocks, torch.Generator dice, Device device)
    {
        var choices = blocks.Where(b => b.IsChoice).ToArray();
        (_dice, _choices, _widest) = (dice, choices.Length, choices.Max(b => b.Width));
        var width = blocks.Sum(b => b.Width);
        var padded = Enumerable.Repeat((long)width, _choices * _widest).ToArray();
        var (signed, order) = (new List<long>(), new long[width]);
        var (at, choice) = (0, 0);
        foreach (var block in blocks)
        {
            for (var i = 0; i < block.Width; i++, at++)
            {
                if (block.IsChoice)
                {
                    (padded[(choice * _widest) + i], order[at]) = (at, (choice * _widest) + i);
                }
                else
                {
                    order[at] = padded.Length + signed.Count;
                    signed.Add(at);
                }
            }

            choice += block.IsChoice ? 1 : 0;
        }

        (_padded, _signed, _order) =
            (tensor(padded, device: device), tensor(signed.ToArray(), device: device), tensor(order, device: device));
        _constants = (Constant.Of(Never, device), Constant.Of(1e-6, device), Constant.Of(1 - 2e-6, device),
            Constant.Of(1 / Temperature, device));
    }

    /// <summary>The code, shape (rows, width). Choices are one-hot, with the slopes of their softmax.</summary>
    /// <param name="o">The generator's output, shape (rows, width).</param>
    public Tensor Apply(Tensor o)
    {
        var rows = o.shape[0];
        var scores = cat([o, _constants.Never.expand(rows, 1)], 1).index_select(1, _padded)
            .reshape(rows, _choices, _widest);
        var u = Constant.Sum(
            rand(scores.shape, device: o.device, generator: _dice) * _constants.Range, _constants.Least);
        var soft = (Constant.Difference(scores, (-u.log()).log()) * _constants.Sharpness).softmax(2);
        var hard = nn.functional.one_hot(soft.argmax(2), _widest).to(ScalarType.Float32);
        var choices = Constant.Sum(Constant.Difference(hard, soft).detach(), soft).reshape(rows, -1);
        return cat([choices, o.index_select(1, _signed).tanh()], 1).index_select(1, _order);
    }

    public void Dispose()
    {
        foreach (var tensor in new[]
        {
            _padded, _signed, _order, _constants.Never, _constants.Least, _constants.Range, _constants.Sharpness,
        })
        {
            tensor.Dispose();
        }
    }
}
