// Transforms a data file with a saved model: TransformFile MODEL.zip INPUT.idv OUTPUT.idv
// Knows nothing but ML.NET.
using Microsoft.ML;

var context = new MLContext();
ITransformer model = context.Model.Load(args[0], out _);
IDataView transformed = model.Transform(context.Data.LoadFromBinary(args[1]));
using FileStream output = File.Create(args[2]);
context.Data.SaveAsBinary(transformed, output);
