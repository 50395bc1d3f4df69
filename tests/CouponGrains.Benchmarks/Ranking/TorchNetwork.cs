using CouponGrains.Domain.Models.Response;
using CouponGrains.Training.Models;
using static TorchSharp.torch;

namespace CouponGrains.Benchmarks.Ranking;

/// <summary>The response model in torch, with one thread and without gradients, on tensors that are ready.</summary>
internal sealed class TorchNetwork : IDisposable
{
    private readonly ResponseWeights _weights;
    private readonly Dictionary<string, Tensor> _tensors;
    private readonly TorchSharp.Modules.GRU? _gru;
    private readonly TorchSharp.Modules.Conv1d[] _layers;
    private readonly Tensor _history;
    private readonly Tensor _user;
    private readonly Tensor _coupons;
    private readonly Tensor _pairs;
    private readonly Tensor _events;
    private readonly Tensor _state;

    public TorchNetwork(ResponseWeights weights, int candidates, int events, int seed)
    {
        LibTorchLoader.Ensure();
        set_num_threads(1);
        _weights = weights;
        var shape = weights.Shape;
        _tensors = ResponseLayout.Of(shape).ToDictionary(
            t => t.Name, t => tensor(weights[t.Name]).reshape([.. t.Shape.Select(size => (long)size)]));
        var random = new Random(seed);
        (_history, _user) = (Random(1, shape.HiddenWidth), Random(1, shape.UserWidth));
        (_coupons, _pairs) = (Random(candidates, shape.CouponWidth), Random(candidates, shape.PairWidth));
        (_events, _state) = (Random(events, shape.EventWidth).unsqueeze(0), zeros(1, 1, shape.HiddenWidth));
        using var off = no_grad();
        _layers = shape.Encoder == ResponseEncoder.Convolution ? Convolutions() : [];
        if (shape.Encoder == ResponseEncoder.Gru)
        {
            _gru = nn.GRU(shape.EventWidth, shape.HiddenWidth, batchFirst: true);
            Tensor[] all =
            [
                _tensors[ResponseLayout.GruInputWeight], _tensors[ResponseLayout.GruStateWeight],
                _tensors[ResponseLayout.GruInputBias], _tensors[ResponseLayout.GruStateBias],
            ];
            foreach (var (parameter, value) in _gru.parameters().Zip(all))
            {
                parameter.copy_(value);
            }
        }

        Tensor Random(int rows, int width) => tensor(ScanBenchmark.Normal(random, rows * width)).reshape(rows, width);
    }

    /// <summary>The probabilities of all candidates, as numbers.</summary>
    public float[] Score()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var first = nn.functional.relu(
            Linear(_history, ResponseLayout.FirstHistoryWeight) + Linear(_user, ResponseLayout.FirstUserWeight)
            + Linear(_coupons, ResponseLayout.FirstCouponWeight) + Linear(_pairs, ResponseLayout.FirstPairWeight)
            + _tensors[ResponseLayout.FirstBias]);
        var second = nn.functional.relu(nn.functional.linear(
            first, _tensors[ResponseLayout.SecondWeight], _tensors[ResponseLayout.SecondBias]));
        var logits = Linear(second, ResponseLayout.HeadsWeight) + _tensors[ResponseLayout.HeadsBias]
            + Linear(_user, ResponseLayout.HeadsUserWeight) + Linear(_coupons, ResponseLayout.HeadsCouponWeight)
            + Linear(_pairs, ResponseLayout.HeadsPairWeight);
        var calibration = _tensors[ResponseLayout.Calibration];
        return sigmoid((logits * calibration[TensorIndex.Colon, 0]) + calibration[TensorIndex.Colon, 1])
            .data<float>().ToArray();
    }

    /// <summary>One event more, of the recurrent unit.</summary>
    public void Step()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        _gru!.call(_events[TensorIndex.Colon, ..1], _state);
    }

    /// <summary>All events anew.</summary>
    public void Replay()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        if (_gru is not null)
        {
            _gru.call(_events, _state);
            return;
        }

        var h = nn.functional.linear(_events, _tensors[ResponseLayout.ConvolutionInputWeight],
            _tensors[ResponseLayout.ConvolutionInputBias]).transpose(1, 2);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            h += nn.functional.relu(_layers[layer].call(nn.functional.pad(h, [2L << layer, 0])));
        }
    }

    public void Dispose()
    {
        _gru?.Dispose();
        foreach (var one in _layers)
        {
            one.Dispose();
        }

        foreach (var one in _tensors.Values.Concat([_history, _user, _coupons, _pairs, _events, _state]))
        {
            one.Dispose();
        }
    }

    private Tensor Linear(Tensor x, string name) => nn.functional.linear(x, _tensors[name]);

    private TorchSharp.Modules.Conv1d[] Convolutions() => [.. Enumerable.Range(1, _weights.Shape.Layers).Select(layer =>
    {
        var hidden = _weights.Shape.HiddenWidth;
        var convolution = nn.Conv1d(hidden, hidden, 3, dilation: 1L << (layer - 1));
        convolution.weight.copy_(_tensors[ResponseLayout.ConvolutionWeight(layer)]);
        convolution.bias!.copy_(_tensors[ResponseLayout.ConvolutionBias(layer)]);
        return convolution;
    })];
}
