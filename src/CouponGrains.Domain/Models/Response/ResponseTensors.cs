namespace CouponGrains.Domain.Models.Response;

/// <summary>A response model as the tensors of an artifact: <see cref="ShapeName"/>, the sizes of
/// <see cref="ResponseShape"/> in their order and then what the features mean, 1 where that is missing;
/// <see cref="PriorName"/>; and those of <see cref="ResponseLayout"/> behind
/// <see cref="ResponseLayout.Prefix"/>.</summary>
internal static class ResponseTensors
{
    internal const string ShapeName = ResponseLayout.Prefix + "shape";
    internal const string PriorName = ResponseLayout.Prefix + "prior";

    private const int Sizes = 9;

    /// <summary>True for the names that only a response model may have.</summary>
    internal static bool IsOwnName(string name) => name.StartsWith(ResponseLayout.Prefix, StringComparison.Ordinal);

    /// <summary>The tensors of a model.</summary>
    internal static IEnumerable<(string Name, ModelTensor Tensor)> Of(ResponseModel model)
    {
        var s = model.Shape;
        float[] shape =
        [
            (int)s.Encoder, s.EventWidth, s.HiddenWidth, s.Layers, s.UserWidth, s.CouponWidth, s.PairWidth,
            s.FirstWidth, s.SecondWidth, s.Features,
        ];
        yield return (ShapeName, new([shape.Length], shape));
        yield return (PriorName, new([model.Prior.Rates.Length], model.Prior.Rates));
        foreach (var tensor in ResponseLayout.Of(s))
        {
            yield return (ResponseLayout.Prefix + tensor.Name, new(tensor.Shape, model.Weights[tensor.Name]));
        }
    }

    /// <summary>The model of these tensors. Throws if one is missing, too many or does not fit the others.</summary>
    internal static ResponseModel Read(
        IReadOnlyDictionary<string, ModelTensor> tensors, IReadOnlyList<string> vocabulary)
    {
        var shape = Shape(tensors[ShapeName]);
        foreach (var expected in ResponseLayout.Of(shape))
        {
            var name = ResponseLayout.Prefix + expected.Name;
            if (!tensors[name].Shape.SequenceEqual(expected.Shape))
            {
                throw new FormatException($"'{name}' should be of the shape {string.Join(" x ", expected.Shape)}.");
            }
        }

        var weights = tensors.Where(t => t.Key is not (ShapeName or PriorName))
            .ToDictionary(t => t.Key[ResponseLayout.Prefix.Length..], t => t.Value.Values);
        return new(new(shape, weights), vocabulary, new(tensors[PriorName].Values));
    }

    private static ResponseShape Shape(ModelTensor tensor)
    {
        if (tensor.Values.Length is not (Sizes or Sizes + 1)
            || tensor.Values.Any(size => !(size >= 0 && size <= ResponseLayout.WidthMax && size == (int)size)))
        {
            throw new FormatException($"'{ShapeName}' does not hold {Sizes} sizes and what the features mean.");
        }

        var v = Array.ConvertAll(tensor.Values, value => (int)value);
        return new((ResponseEncoder)v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8])
        {
            Features = v.Length > Sizes ? v[Sizes] : 1,
        };
    }
}
