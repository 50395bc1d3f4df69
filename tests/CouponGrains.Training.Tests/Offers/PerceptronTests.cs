using CouponGrains.Training.Models;
using CouponGrains.Training.Offers;
using TorchSharp;
using static TorchSharp.torch;

namespace CouponGrains.Training.Tests.Offers;

public sealed class PerceptronTests
{
    public PerceptronTests() => LibTorchLoader.Ensure();

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void The_slopes_along_the_input_are_those_that_the_library_derives(double dropout)
    {
        using var scope = NewDisposeScope();
        using var dice = new torch.Generator(5);
        using var network = new Perceptron(dice, CPU, dropout, 7, 16, 12, 1);
        var x = randn([9, 7], generator: dice).requires_grad_(true);
        var (output, masks) = network.Forward(x);
        var derived = autograd.grad([output.sum()], [x])[0].data<float>().ToArray();
        var ours = network.Slopes(masks).data<float>().ToArray();
        for (var i = 0; i < derived.Length; i++)
        {
            Assert.Equal(derived[i], ours[i], 1e-5f);
        }
    }

    [Fact]
    public void The_penalty_moves_the_weights_as_derivatives_of_derivatives_do()
    {
        using var scope = NewDisposeScope();
        using var dice = new torch.Generator(6);
        using var network = new Perceptron(dice, CPU, 0, 7, 16, 12, 1);
        var x = randn([9, 7], generator: dice).requires_grad_(true);
        var (output, masks) = network.Forward(x);
        var twice = autograd.grad([output.sum()], [x], retain_graph: true, create_graph: true)[0];
        var weight = network.Layers[0].Weight;
        var expected = autograd.grad([twice.square().sum()], [weight], retain_graph: true)[0].data<float>().ToArray();
        var actual = autograd.grad([network.Slopes(masks).square().sum()], [weight])[0].data<float>().ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4f);
        }
    }

    [Fact]
    public void Fixed_weights_get_no_slopes()
    {
        using var scope = NewDisposeScope();
        using var dice = new torch.Generator(7);
        using var network = new Perceptron(dice, CPU, 0, 4, 8, 1);
        var x = randn([3, 4], generator: dice).requires_grad_(true);
        network.Forward(x, learn: false).Output.sum().backward();
        Assert.True(x.grad is not null);
        Assert.All(network.Parameters, p => Assert.True(p.grad is null));
    }

    [Fact]
    public void Adam_in_one_pass_takes_the_same_steps_as_its_plain_form()
    {
        using var scope = NewDisposeScope();
        using var dice = new torch.Generator(8);
        var start = randn([37, 3], generator: dice);
        Tensor[] values = [start.clone().requires_grad_(true), start.clone().requires_grad_(true)];
        Adam[] optimizers =
        [
            new([values[0]], 1e-2, 0.5, 0.9), new([values[1]], 1e-2, 0.5, 0.9, onePass: false),
        ];
        for (var step = 0; step < 20; step++)
        {
            for (var i = 0; i < 2; i++)
            {
                optimizers[i].Descend((values[i] * values[i]).sum());
            }
        }

        var (one, plain) = (values[0].data<float>().ToArray(), values[1].data<float>().ToArray());
        Assert.NotEqual(start.data<float>().ToArray(), one);
        for (var i = 0; i < one.Length; i++)
        {
            Assert.Equal(plain[i], one[i], 1e-5f);
        }
    }
}
