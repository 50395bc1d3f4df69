using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Models;

/// <summary>Takes a model out of an artifact whose checksum fits. Whatever does not fit together throws.</summary>
internal readonly ref struct ModelReader
{
    private static readonly string[] OwnNames =
    [
        ModelArtifact.Metadata, ModelArtifact.ItemFactors, ModelArtifact.HistoryWeights, ModelArtifact.TargetWeights,
        ModelArtifact.NeighbourStarts, ModelArtifact.NeighbourItems, ModelArtifact.NeighbourWeights,
        ModelArtifact.SingularValues, ModelArtifact.Popularity, ModelArtifact.UserFactors, ModelArtifact.Items,
        ModelArtifact.Users, ModelArtifact.ResponseVocabulary,
    ];

    private readonly JsonElement _header;
    private readonly ReadOnlySpan<byte> _data;

    internal ModelReader(ReadOnlySpan<byte> artifact)
    {
        var length = BinaryPrimitives.ReadInt64LittleEndian(artifact);
        var json = new Utf8JsonReader(artifact.Slice(sizeof(long), checked((int)length)));
        _header = JsonElement.ParseValue(ref json);
        _data = artifact[checked(sizeof(long) + (int)length)..];
    }

    internal static bool IsOwnName(string name) => OwnNames.Contains(name) || ResponseTensors.IsOwnName(name);

    internal ModelSnapshot Read(ModelVersion version)
    {
        var metadata = _header.GetProperty(ModelArtifact.Metadata);
        var format = Text(metadata, "format");
        if (format is not (ModelArtifact.Format or ModelArtifact.FormatOfPlainSvd))
        {
            throw new FormatException($"The format is '{format}', and '{ModelArtifact.Format}' is read here.");
        }

        var factors = Floats(ModelArtifact.ItemFactors, 2);
        var (count, rank) = (factors.Shape[0], factors.Shape[1]);
        var items = Ids(ModelArtifact.Items, count, id => new ItemId(id));
        var model = new ModelSnapshot
        {
            Version = version,
            Factors = new(items, rank, factors.Values),
            SingularValues = Floats(ModelArtifact.SingularValues, 1, rank).Values,
            Popularity = Floats(ModelArtifact.Popularity, 1, count).Values,
            Weights = new()
            {
                View = Number(metadata, "weight_view"),
                Cart = Number(metadata, "weight_cart"),
                Purchase = Number(metadata, "weight_purchase"),

                // Artifacts that do not tell it were trained with a refund as minus a purchase.
                Refund = Number(metadata,
                    metadata.TryGetProperty("weight_refund", out _) ? "weight_refund" : "weight_purchase"),
                HalfLife = TimeSpan.ParseExact(Text(metadata, "half_life"), "c", CultureInfo.InvariantCulture),
            },
            Reference = DateTimeOffset.ParseExact(Text(metadata, "reference"), "O", CultureInfo.InvariantCulture),
            Users = ReadUsers(rank),
            Tensors = Tensors(name => !IsOwnName(name)),
            Response = ReadResponse(),
        };
        return format == ModelArtifact.FormatOfPlainSvd ? model : model with
        {
            HistoryWeights = Weights(ModelArtifact.HistoryWeights, count),
            TargetWeights = Weights(ModelArtifact.TargetWeights, count),
            Neighbours = ReadNeighbours(count),
        };
    }

    private static string Text(JsonElement metadata, string name) =>
        metadata.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is not a text.");

    private static double Number(JsonElement metadata, string name) =>
        double.Parse(Text(metadata, name), NumberStyles.Float, CultureInfo.InvariantCulture);

    private UserFactors? ReadUsers(int rank)
    {
        if (!_header.TryGetProperty(ModelArtifact.UserFactors, out _))
        {
            return null;
        }

        var factors = Floats(ModelArtifact.UserFactors, 2);
        if (factors.Shape[1] != rank)
        {
            throw new FormatException($"Users have {factors.Shape[1]} factors, items {rank}.");
        }

        return new(Ids(ModelArtifact.Users, factors.Shape[0], id => new UserId(id)), rank, factors.Values);
    }

    private ResponseModel? ReadResponse() => Tensors(ResponseTensors.IsOwnName) is { Count: > 0 } tensors
        ? ResponseTensors.Read(tensors, Names(ModelArtifact.ResponseVocabulary))
        : null;

    private Dictionary<string, ModelTensor> Tensors(Func<string, bool> isMeant)
    {
        var tensors = new Dictionary<string, ModelTensor>();
        foreach (var entry in _header.EnumerateObject().Where(e => isMeant(e.Name)))
        {
            tensors.Add(entry.Name, Floats(entry.Name, dimensions: null));
        }

        return tensors;
    }

    private T[] Ids<T>(string name, int count, Func<string, T> id)
        where T : struct
    {
        var ids = Names(name);
        return ids.Length == count
            ? Array.ConvertAll(ids, text => id(text))
            : throw new FormatException($"'{name}' should name {count} different rows.");
    }

    private string[] Names(string name)
    {
        var names = JsonSerializer.Deserialize<string[]>(Tensor(name, "U8", sizeof(byte), 1, out _)) ?? [];
        return names.Distinct().Count() == names.Length && !names.Contains(null)
            ? names
            : throw new FormatException($"'{name}' names something twice, or nothing.");
    }

    private float[] Weights(string name, int count)
    {
        var weights = Floats(name, 1, count).Values;
        return weights.All(w => w >= 0) ? weights : throw new FormatException($"'{name}' has negative values.");
    }

    private ItemNeighbours ReadNeighbours(int count)
    {
        if (!_header.TryGetProperty(ModelArtifact.NeighbourStarts, out _))
        {
            return ItemNeighbours.None;
        }

        var starts = Numbers<long>(Tensor(ModelArtifact.NeighbourStarts, "I64", sizeof(long), 1, out var shape));
        return shape[0] == count + 1
            ? new(starts, Numbers<int>(Tensor(ModelArtifact.NeighbourItems, "I32", sizeof(int), 1, out _)),
                Floats(ModelArtifact.NeighbourWeights, 1).Values)
            : throw new FormatException($"There are {shape[0] - 1} lists of neighbours for {count} items.");
    }

    private ModelTensor Floats(string name, int? dimensions, int? length = null)
    {
        var values = Numbers<float>(Tensor(name, "F32", sizeof(float), dimensions, out var shape));
        if (length is { } expected && values.Length != expected)
        {
            throw new FormatException($"'{name}' should have {expected} values, but has {values.Length}.");
        }

        return TensorPrimitives.IsFiniteAll<float>(values)
            ? new(shape, values)
            : throw new FormatException($"'{name}' has values that are not numbers.");
    }

    private static T[] Numbers<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        var values = new T[bytes.Length / Marshal.SizeOf<T>()];
        bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        ModelWriter.Swap<T>(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private ReadOnlySpan<byte> Tensor(string name, string type, int size, int? dimensions, out int[] shape)
    {
        var entry = _header.GetProperty(name);
        shape = [.. entry.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        var (begin, end) =
            (entry.GetProperty("data_offsets")[0].GetInt32(), entry.GetProperty("data_offsets")[1].GetInt32());
        var bytes = _data[begin..end];
        if (Text(entry, "dtype") != type || shape.Any(s => s < 0) || (dimensions ?? shape.Length) != shape.Length
            || shape.Aggregate((long)size, (product, s) => product * s) != bytes.Length)
        {
            throw new FormatException($"'{name}' is not of the type and shape that its place in a model asks for.");
        }

        return bytes;
    }
}
